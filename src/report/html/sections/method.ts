import type { Analysis, RunDescription, Throughput } from '../../../analysis/analysis.ts'
import { inPlaceText } from '../../facts/network.ts'
import { markup, type Markup } from '../markup.ts'
import { percent } from '../quantities.ts'

/** How the numbers came about, and how far off they may be. */
export function methodSection({ run, throughput, fixed_macs: fixed }: Analysis): Markup {
  return markup`<footer>
<h2>How this was counted</h2>
<p>MACs are multiply-accumulates of convolutions and linear layers; one is two floating-point operations. \
${fixed > 0 ? 'Filters that are not learned (blur) count towards intensity and time, not towards MACs. ' : ''}\
Bytes are what kernels read and write, every operator included. Prefixes are decimal.</p>
<p>${throughput === undefined ? 'No device was asked for, so nothing is said of time.' : modelText(throughput)}</p>
<dl class="facts">${facts(run).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</footer>`
}

function modelText({ model, error, error_unknown: beyond, calibrated_on: other }: Throughput): Markup {
  const form =
    model === 'roofline'
      ? 'Times are those of a roofline: no number in it is fitted.'
      : `Times are those of a model with a few efficiencies, fitted to measurements${other === undefined ? '' : ` on ${other}`}.`
  if (beyond !== undefined) return markup`${form} Its error is not known here: ${beyond}.`
  if (error === undefined) return markup`${form} It was never compared with measurements of this kind.`
  return markup`${form} Where it could be compared, its error was ${percent(error.median)} (median) and \
${percent(error.p90)} (90th percentile), Spearman ${error.spearman.toFixed(3)}, Kendall ${error.kendall.toFixed(3)}: \
${error.source}.`
}

const facts = (run: RunDescription): [string, string][] => [
  ['Engine', run.engine],
  ['Mode', run.mode],
  ['Precision', run.precision],
  ['Layout', run.layout],
  ['Partial convolution', run.partialConv.replace('_', ' and ')],
  ['Activated batch norm', inPlaceText(run) ?? run.abn],
]
