import type {
  Analysis,
  LayerAnalysis,
  RunDescription,
  Throughput,
  MemoryAnalysis,
  StageAnalysis,
} from '../../analysis/analysis.ts'
import {
  bytes,
  plain,
  pageText,
  prefixed,
  sizesText,
  intensity,
  shareText,
  ratio,
  columnScale,
} from './quantities.ts'
import {
  measureOf,
  measuresWith,
  shortTitle,
  type Measure,
  type MeasureKey,
} from '../../analysis/measures.ts'
import { exact } from '../units.ts'
import { markup, type Markup, noMarkup, htmlDocument, type PageAssets } from './document.ts'
import { ESTIMATE, inPlaceText } from '../facts.ts'
import { analysisJson } from '../json.ts'

/** What a layer reaches, as the charts place it. */
export interface TimedLayer {
  readonly layer: LayerAnalysis
  readonly seconds: number
  /** Of the whole network's time, 0 to 1. */
  readonly share: number
  /** FLOPs a byte. */
  readonly intensity: number
  /** Bytes of a step. */
  readonly bytes: number
  /** The FLOPs and bytes a second that the layer achieves. */
  readonly flopsPerSecond: number
  readonly bytesPerSecond: number
}

export interface LayerGroups {
  readonly withMacs: readonly TimedLayer[]
  /** Layers that take time but multiply nothing: the roofline, whose axes are logarithmic, has no place for them. */
  readonly withoutMacs: readonly TimedLayer[]
  /** Layers without time of their own: views, and those whose work another's kernel does. */
  readonly untimed: number
}

/** The layers by what a roofline can say of them. */
export function layerGroups({ layers, run }: Analysis): LayerGroups {
  const timed = layers.flatMap((layer) => timedLayer(layer, run.batch) ?? [])
  return {
    withMacs: timed.filter(({ intensity }) => intensity > 0),
    withoutMacs: timed.filter(({ intensity }) => intensity === 0),
    untimed: layers.length - timed.length,
  }
}

/**
 * FLOPs of a step are intensity x bytes of a step, by the definition of intensity; so they are those of all kernels
 * that the bytes are of, the backward pass's in training.
 */
function timedLayer(layer: LayerAnalysis, batch: number): TimedLayer | undefined {
  const { time, intensity } = layer
  const bytes = layer.bytes * batch
  if (time === undefined || !(time.seconds > 0) || !(bytes > 0)) return undefined
  return {
    layer,
    seconds: time.seconds,
    share: time.share,
    intensity,
    bytes,
    flopsPerSecond: (intensity * bytes) / time.seconds,
    bytesPerSecond: bytes / time.seconds,
  }
}

/** Share of the whole time, 0 to 1. */
export const shareOf = (layers: readonly TimedLayer[]): number =>
  layers.reduce((sum, { share }) => sum + share, 0)

/** `1 layer`, `1,204 layers`. */
export const countText = (number: number, noun: string): string =>
  `${exact(number)} ${noun}${number === 1 ? '' : 's'}`

/**
 * The place of a chart: the script draws into `#ID-chart`. What it shows is said in words for those who do not see it;
 * the numbers are in the table.
 */
export const chart = (id: string, title: string, description: string, caption: Markup): Markup =>
  markup`<figure class="needs-script">
<h3>${title}</h3>
<div class="chart ${id}"><canvas id="${id}-chart" role="img" aria-label="${description}"></canvas></div>
<figcaption>${caption}</figcaption>
</figure>`

const precisions: Readonly<Record<RunDescription['precision'], string>> = {
  mixed: 'mixed precision (fp16 over fp32 weights)',
  fp32: 'fp32',
  tf32: 'tf32',
  fp16: 'fp16',
  bf16: 'bf16',
}

/** What was analysed, and as what runs it. */
export function heading({ network, input, run, throughput }: Analysis): Markup {
  const images = run.batch === 1 ? 'one image' : `batches of ${run.batch} images`
  return markup`<p class="eyebrow">archc analyze</p>
<h1>${network}</h1>
<p class="sub">${capitalised(run.mode)} of ${images} of ${sizesText(input)} as the ${run.engine} engine runs it, \
${precisions[run.precision]}${throughput === undefined ? noMarkup : markup`, on <strong>${throughput.title}</strong>`}</p>`
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Images a second and the time of a step, where a device was asked for; then what they are made of. */
export function summary(analysis: Analysis): Markup {
  const { buffer_elements: buffers, macs } = analysis
  const figures = [
    ...timeFigures(analysis),
    measured('macs', analysis, prefixed(2 * macs, 'FLOP')),
    measured('bytes', analysis, intensity(analysis.intensity)),
    measured('parameters', analysis, buffers > 0 ? `and ${prefixed(buffers, '')} running statistics` : ''),
    measured('peak_memory', analysis, roomText(analysis)),
    ...measuresWith('isEstimate')
      .filter(({ ofNetwork }) => ofNetwork(analysis) !== undefined)
      .map(({ key }) => measured(key, analysis, ESTIMATE)),
  ]
  return markup`<dl class="figures">${figures}</dl>`
}

function timeFigures(analysis: Analysis): Markup[] {
  const { throughput, time } = analysis
  if (throughput === undefined || time === undefined) return []
  const bound = `${shareText(ratio(time[time.bound], time.seconds))} bound by ${time.bound}`
  return [
    measured('images_per_second', analysis, errorText(throughput)),
    measured('seconds', analysis, bound),
  ]
}

/** How far such predictions were off, beside the number that it is about. */
function errorText({ error, model }: Throughput): string {
  if (error !== undefined) return `predicted; median error ${shareText(error.median)}`
  return model === 'roofline' ? 'roofline; error not known' : 'predicted; error not known'
}

function roomText({ memory: { device }, run }: Analysis): string {
  if (device === undefined) return `at batch ${run.batch}`
  if (device.largest_batch === 0) return `not one image fits ${bytes(device.bytes)}`
  return `up to batch ${plain(device.largest_batch)} fits ${bytes(device.bytes)}`
}

/** A measure of the network, and what there is to say about it. */
function measured(key: MeasureKey, analysis: Analysis, note: string): Markup {
  const measure = measureOf(key)
  const value = pageText(measure, measure.ofNetwork(analysis) ?? NaN)
  return markup`<div><dt>${measure.heading}</dt><dd><b>${value}</b><span>${note}</span></dd></div>`
}

/** The script fills this: a thousand rows that neither sort nor filter would help nobody. */
export const layersSection = ({ run, throughput, fixed_macs: fixed }: Analysis): Markup =>
  markup`<section aria-labelledby="layers-title" class="wide">
<h2 id="layers-title">Layers</h2>
<p class="lede">MACs and bytes of one image, the weights&rsquo; bytes shared by the batch of ${run.batch}\
${throughput === undefined ? '' : '; time of a step'}.\
${fixed > 0 ? ' In parentheses: MACs of filters that are not learned (blur), which totals leave out.' : ''}</p>
<div id="layers" class="needs-script"></div>
<noscript><p class="note">The charts and this table need JavaScript. The report as JSON or CSV has the same numbers.</p></noscript>
</section>`

/** The course of memory over a step, and what its peak is made of, which reads without a script. */
export function memoryMarkup(analysis: Analysis): Markup {
  const { memory, run } = analysis
  return markup`<section aria-labelledby="memory-title">
<h2 id="memory-title">Memory</h2>
<p class="lede">At batch ${run.batch} the peak is <strong>${bytes(memory.peak)}</strong>, \
${placeOf(analysis)}.${deviceText(memory)}${assumptionText(memory)}</p>
<div class="panels memory-panels">
${chart('memory', 'Bytes in use', 'Bytes of memory in use during each layer of a step', captionOf(memory))}
<div><h3>What makes up the peak</h3>${partsTable(memory)}</div>
</div>
</section>`
}

function placeOf({ memory: { peak_layer: peak, timeline }, layers }: Analysis): Markup {
  const layer = layers[peak]
  if (layer === undefined) return markup`reached before the first layer`
  const backward = timeline.some(({ pass }) => pass === 'backward')
  return markup`reached in <code>${layer.path}</code>${backward ? ` (${passOf(peak, timeline)})` : ''}`
}

/** The pass in which the layer needs most. */
function passOf(layer: number, timeline: MemoryAnalysis['timeline']): string {
  const moments = timeline.filter((moment) => moment.layer === layer)
  const largest = moments.reduce((most, { bytes: amount }) => Math.max(most, amount), 0)
  return `${moments.find((moment) => moment.bytes === largest)?.pass ?? 'forward'} pass`
}

function deviceText({ peak, device }: MemoryAnalysis): Markup {
  if (device === undefined) return noMarkup
  const usable = device.bytes - device.reserved
  const fits =
    device.largest_batch === 0
      ? 'Not even one image fits.'
      : `The largest batch that fits is ${plain(device.largest_batch)}.`
  return markup` That is ${shareText(ratio(peak, usable))} of what the device has to give: ${bytes(device.bytes)} less \
${bytes(device.reserved)} that are gone before the first tensor. ${fits}`
}

/** What is assumed of an engine whose memory was not compared with the engine itself. */
const assumptionText = ({ unmeasured }: MemoryAnalysis): Markup =>
  unmeasured === undefined ? noMarkup : markup` Modelled and not measured: ${unmeasured}.`

/** A line far above the curve would flatten it. */
export const showsDeviceLine = ({ peak, device }: MemoryAnalysis): boolean =>
  device !== undefined && device.bytes - device.reserved <= 4 * peak

function captionOf(memory: MemoryAnalysis): Markup {
  const line =
    memory.device === undefined || showsDeviceLine(memory)
      ? noMarkup
      : markup` The device&rsquo;s memory lies far above the chart.`
  return markup`Layers in the order of execution.${line}`
}

const partsTable = ({ parts, peak }: MemoryAnalysis): Markup =>
  markup`<table class="numbers parts" id="memory-parts"><tbody>${parts.map(({ name, bytes: amount }) =>
    partRow(name, amount, ratio(amount, peak)),
  )}</tbody></table>`

const partRow = (name: string, amount: number, part: number): Markup =>
  markup`<tr><th scope="row" class="text">${name}</th><td class="bar">\
<svg aria-hidden="true" height="10"><rect width="${(100 * Math.min(1, part)).toFixed(2)}%" height="10"/></svg></td>\
<td>${bytes(amount)}</td><td>${shareText(part)}</td></tr>`

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
${chart('roofline', 'Layers with MACs', `What ${countText(groups.withMacs.length, 'layer')} with MACs reach, in FLOP/s over FLOPs a byte`, withMacsText(groups))}
${chart('movers', 'Layers without MACs', `What ${countText(groups.withoutMacs.length, 'layer')} without MACs reach, in bytes a second over bytes moved`, withoutMacsText(groups))}
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
  markup`${countText(withMacs.length, 'layer')}, ${shareText(shareOf(withMacs))} of the time. A point&rsquo;s area is its share of \
the time.`

function withoutMacsText({ withoutMacs, untimed }: LayerGroups): Markup {
  const rest =
    untimed === 0
      ? noMarkup
      : markup` Not drawn: ${countText(untimed, 'layer')} that ${untimed === 1 ? 'takes' : 'take'} no time of \
${untimed === 1 ? 'its' : 'their'} own (views, or done in another layer&rsquo;s kernel).`
  return markup`${countText(withoutMacs.length, 'layer')}, ${shareText(shareOf(withoutMacs))} of the time. Their intensity is \
0, so a roofline has no place for them: here is how fast they move bytes.${rest}`
}

/** The script draws no more bars than these; the table has all. */
export const MAX_BARS = 60

/** The chart of shares, and the numbers, which read without a script. */
export function stagesSection(analysis: Analysis): Markup {
  const { stages, throughput } = analysis
  const measures = throughput === undefined ? 'MACs and bytes' : 'MACs, bytes and time'
  const more =
    stages.length > MAX_BARS
      ? markup` Drawn are the first ${MAX_BARS} of ${stages.length}; the table has all.`
      : noMarkup
  return markup`<section aria-labelledby="stages-title">
<h2 id="stages-title">Stages</h2>
<p class="lede">Where the ${measures} are. Were MACs the cost, the bars of a stage would be of one length.</p>
<div id="stages-legend" class="legend needs-script"></div>
${chart('stages', `Share of ${measures}`, `Each stage’s share of ${measures}, in percent`, markup`MACs and bytes of an image${throughput === undefined ? '' : ', time of a step'}.${more}`)}
${stageTable(analysis)}
</section>`
}

interface StageColumn {
  readonly title: string
  readonly unit: string
  readonly cell: (stage: StageAnalysis) => string
  /** The text for the whole network. */
  readonly total: string
}

function stageTable(analysis: Analysis): Markup {
  const columns = columnsOf(analysis)
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Numbers of the stages">
<table class="numbers" id="stages-table">
<thead><tr><th scope="col" class="text">Stage</th><th scope="col" class="text">Output</th>${columns.map(header)}</tr></thead>
<tbody>${analysis.stages.map((stage) => row(stage, columns))}</tbody>
<tfoot><tr><th scope="row" class="text">Total</th><td></td>${columns.map(({ total }) => cell(total))}</tr></tfoot>
</table></div>`
}

const header = ({ title, unit }: StageColumn): Markup =>
  markup`<th scope="col">${title}${unit === '' ? noMarkup : markup` <small>${unit}</small>`}</th>`

const row = (stage: StageAnalysis, columns: readonly StageColumn[]): Markup =>
  markup`<tr><th scope="row" class="text">${stage.name}</th><td class="text">${outputsOf(stage)}</td>\
${columns.map((column) => cell(column.cell(stage)))}</tr>`

const cell = (text: string): Markup => markup`<td>${text}</td>`

const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? sizesText(output) : `${sizesText(output)} (+${others.length})`

/** The measures that the table shows and the network has; behind the time, its share of the whole. */
const columnsOf = (analysis: Analysis): StageColumn[] =>
  measuresWith('stages').flatMap((measure) => {
    const total = measure.ofPart?.(analysis)
    if (total === undefined) return []
    const column = stageColumn(measure, total, analysis.stages)
    return measure.key === 'seconds' ? [column, shareColumn(total)] : [column]
  })

function stageColumn(measure: Measure, total: number, stages: readonly StageAnalysis[]): StageColumn {
  const of = (stage: StageAnalysis): number => measure.ofPart?.(stage) ?? 0
  const scale =
    measure.written === 'plain'
      ? { unit: '', text: plain }
      : columnScale([total, ...stages.map(of)], measure.unit)
  return {
    title: capitalised(shortTitle(measure)),
    unit: scale.unit,
    total: scale.text(total),
    cell: (stage) => scale.text(of(stage)),
  }
}

const shareColumn = (whole: number): StageColumn => ({
  title: 'Share of time',
  unit: '',
  total: '',
  cell: ({ time }) => shareText(ratio(time?.seconds ?? 0, whole)),
})

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
  return markup`${form} Where it could be compared, its error was ${shareText(error.median)} (median) and \
${shareText(error.p90)} (90th percentile), Spearman ${error.spearman.toFixed(3)}, Kendall ${error.kendall.toFixed(3)}: \
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

/**
 * The report as one HTML page that needs nothing else. Figures, stages and the parts of the memory read without a
 * script; charts and the table of layers are drawn by `page/main.ts` from the JSON report, which the page holds whole.
 */
export const analysisPage = (analysis: Analysis, assets: PageAssets): string =>
  htmlDocument(
    {
      title: `${analysis.network}: what it costs`,
      heading: heading(analysis),
      body: markup`${summary(analysis)}
${rooflineSection(analysis)}
${stagesSection(analysis)}
${memoryMarkup(analysis)}
${layersSection(analysis)}
${methodSection(analysis)}`,
      data: analysisJson(analysis),
    },
    assets,
  )
