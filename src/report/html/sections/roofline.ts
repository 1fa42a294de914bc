import type { Analysis, Throughput } from '../../../analysis/analysis.ts'
import { layerGroups, shareOf, type LayerGroups } from '../layer-groups.ts'
import { chart } from './chart.ts'
import { markup, nothing, type Markup } from '../markup.ts'
import { intensity, percent, plain } from '../quantities.ts'
import { count } from './words.ts'

/** What every layer reaches of what the device could give; a sentence where there is no device. */
export function rooflineSection(analysis: Analysis): Markup {
  const { throughput } = analysis
  if (throughput === undefined) return withoutDevice
  const groups = layerGroups(analysis)
  return markup`<section aria-labelledby="roofline-title">
<h2 id="roofline-title">Roofline</h2>
<p class="lede">${ceilings(throughput)}</p>
<div id="roofline-legend" class="legend needs-script" role="group" aria-label="Kinds of layers shown"></div>
<div class="panels">
${chart('roofline', 'Layers with MACs', `What ${count(groups.withMacs.length, 'layer')} with MACs reach, in FLOP/s over FLOPs a byte`, withMacsText(groups))}
${chart('movers', 'Layers without MACs', `What ${count(groups.withoutMacs.length, 'layer')} without MACs reach, in bytes a second over bytes moved`, withoutMacsText(groups))}
</div>
</section>`
}

const withoutDevice = markup`<section aria-labelledby="roofline-title">
<h2 id="roofline-title">Roofline</h2>
<p class="lede">No device was asked for, so there are no ceilings to draw and no times: \
<code>--device NAME</code> gives both.</p>
</section>`

function ceilings(throughput: Throughput): Markup {
  const { title, compute_ceiling: compute, memory_ceiling: memory, ridge } = throughput
  return markup`If only MACs took time, the peaks of ${title} would allow <strong>${plain(compute)}</strong> images a \
second; if only bytes did, <strong>${plain(memory)}</strong>. The prediction is \
<strong>${plain(throughput.images_per_second)}</strong>. Layers left of the ridge (${intensity(ridge)}) wait for memory.`
}

const withMacsText = ({ withMacs }: LayerGroups): Markup =>
  markup`${count(withMacs.length, 'layer')}, ${percent(shareOf(withMacs))} of the time. A point&rsquo;s area is its share of \
the time.`

function withoutMacsText({ withoutMacs, untimed }: LayerGroups): Markup {
  const rest =
    untimed === 0
      ? nothing
      : markup` Not drawn: ${count(untimed, 'layer')} that ${untimed === 1 ? 'takes' : 'take'} no time of \
${untimed === 1 ? 'its' : 'their'} own (views, or done in another layer&rsquo;s kernel).`
  return markup`${count(withoutMacs.length, 'layer')}, ${percent(shareOf(withoutMacs))} of the time. Their intensity is \
0, so a roofline has no place for them: here is how fast they move bytes.${rest}`
}
