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
  quantity,
  seconds,
  shape,
  intensity,
  percent,
  ratio,
  columnScale,
  type ColumnScale,
} from './quantities.ts'
import { exact } from '../units.ts'
import { markup, type Markup, nothing, htmlDocument, type PageAssets } from './document.ts'
import { inPlaceText } from '../facts.ts'
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
  /** Achieved. */
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

/** How a value of a report is called and written. */
export interface Measure {
  /** `Bytes moved`. */
  readonly title: string
  /** `B`, `s`; empty for a count. */
  readonly unit: string
  readonly text: (value: number) => string
}

const count = (title: string): Measure => ({ title, unit: '', text: (value) => quantity(value, '') })
const inBytes = (title: string): Measure => ({ title, unit: 'B', text: bytes })

/** By the keys of the JSON report. */
const known: ReadonlyMap<string, Measure> = new Map([
  ['parameters', count('Parameters')],
  ['macs', count('MACs an image')],
  ['arithmetic', count('Other operations an image')],
  ['kernels', count('Kernels')],
  ['bytes', inBytes('Bytes an image')],
  ['memory', inBytes('Peak memory')],
  ['peak', inBytes('Peak memory')],
  ['peak_memory', inBytes('Peak memory')],
  ['seconds', { title: 'Time of a step', unit: 's', text: seconds }],
  ['time', { title: 'Time of a step', unit: 's', text: seconds }],
  ['images_per_second', { title: 'Images a second', unit: '', text: plain }],
  ['intensity', { title: 'FLOPs a byte', unit: '', text: plain }],
])

/** Of any key: one that is not known is called as it is written. */
export const measureOf = (key: string): Measure => known.get(key) ?? count(key.replaceAll('_', ' '))

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
<p class="sub">${capitalised(run.mode)} of ${images} of ${shape(input)} as the ${run.engine} engine runs it, \
${precisions[run.precision]}${throughput === undefined ? nothing : markup`, on <strong>${throughput.title}</strong>`}</p>`
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Images a second and the time of a step, where a device was asked for; then what they are made of. */
export function summary(analysis: Analysis): Markup {
  const { parameters, buffer_elements: buffers, macs, memory } = analysis
  const figures = [
    ...timeFigures(analysis),
    figure('MACs an image', quantity(macs, ''), quantity(2 * macs, 'FLOP')),
    figure('Bytes an image', bytes(analysis.bytes), intensity(analysis.intensity)),
    figure(
      'Parameters',
      quantity(parameters, ''),
      buffers > 0 ? `and ${quantity(buffers, '')} running statistics` : '',
    ),
    figure('Peak memory', bytes(memory.peak), roomText(analysis)),
  ]
  return markup`<dl class="figures">${figures}</dl>`
}

function timeFigures({ throughput, time }: Analysis): Markup[] {
  if (throughput === undefined || time === undefined) return []
  const bound = `${percent(ratio(time[time.bound], time.seconds))} bound by ${time.bound}`
  return [
    figure('Images a second', plain(throughput.images_per_second), errorText(throughput)),
    figure('Time of a step', seconds(throughput.seconds), bound),
  ]
}

/** How far such predictions were off, beside the number that it is about. */
function errorText({ error, model }: Throughput): string {
  if (error !== undefined) return `predicted; median error ${percent(error.median)}`
  return model === 'roofline' ? 'roofline; error not known' : 'predicted; error not known'
}

function roomText({ memory: { device }, run }: Analysis): string {
  if (device === undefined) return `at batch ${run.batch}`
  if (device.largest_batch === 0) return `not one image fits ${bytes(device.bytes)}`
  return `up to batch ${plain(device.largest_batch)} fits ${bytes(device.bytes)}`
}

const figure = (title: string, value: string, note: string): Markup =>
  markup`<div><dt>${title}</dt><dd><b>${value}</b><span>${note}</span></dd></div>`

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
export function memorySection(analysis: Analysis): Markup {
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
  if (device === undefined) return nothing
  const usable = device.bytes - device.reserved
  const fits =
    device.largest_batch === 0
      ? 'Not even one image fits.'
      : `The largest batch that fits is ${plain(device.largest_batch)}.`
  return markup` That is ${percent(ratio(peak, usable))} of what the device has to give: ${bytes(device.bytes)} less \
${bytes(device.reserved)} that are gone before the first tensor. ${fits}`
}

/** What is assumed of an engine whose memory was not compared with the engine itself. */
const assumptionText = ({ unmeasured }: MemoryAnalysis): Markup =>
  unmeasured === undefined ? nothing : markup` Modelled and not measured: ${unmeasured}.`

/** A line far above the curve would flatten it. */
export const showsDeviceLine = ({ peak, device }: MemoryAnalysis): boolean =>
  device !== undefined && device.bytes - device.reserved <= 4 * peak

function captionOf(memory: MemoryAnalysis): Markup {
  const line =
    memory.device === undefined || showsDeviceLine(memory)
      ? nothing
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
<td>${bytes(amount)}</td><td>${percent(part)}</td></tr>`

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
  markup`${countText(withMacs.length, 'layer')}, ${percent(shareOf(withMacs))} of the time. A point&rsquo;s area is its share of \
the time.`

function withoutMacsText({ withoutMacs, untimed }: LayerGroups): Markup {
  const rest =
    untimed === 0
      ? nothing
      : markup` Not drawn: ${countText(untimed, 'layer')} that ${untimed === 1 ? 'takes' : 'take'} no time of \
${untimed === 1 ? 'its' : 'their'} own (views, or done in another layer&rsquo;s kernel).`
  return markup`${countText(withoutMacs.length, 'layer')}, ${percent(shareOf(withoutMacs))} of the time. Their intensity is \
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
      : nothing
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
  /** Of the whole network. */
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
  markup`<th scope="col">${title}${unit === '' ? nothing : markup` <small>${unit}</small>`}</th>`

const row = (stage: StageAnalysis, columns: readonly StageColumn[]): Markup =>
  markup`<tr><th scope="row" class="text">${stage.name}</th><td class="text">${outputsOf(stage)}</td>\
${columns.map((column) => cell(column.cell(stage)))}</tr>`

const cell = (text: string): Markup => markup`<td>${text}</td>`

const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shape(output) : `${shape(output)} (+${others.length})`

function columnsOf(analysis: Analysis): StageColumn[] {
  const { stages, parameters, macs, bytes, intensity, time } = analysis
  const scaled = (title: string, unit: string, total: number, of: (stage: StageAnalysis) => number) =>
    scaledColumn(title, columnScale([total, ...stages.map(of)], unit), total, of)
  const columns = [
    scaled('Parameters', '', parameters, (stage) => stage.parameters),
    scaled('MACs', '', macs, (stage) => stage.macs),
    scaled('Bytes', 'B', bytes, (stage) => stage.bytes),
    {
      title: 'FLOP/B',
      unit: '',
      total: plain(intensity),
      cell: (stage: StageAnalysis) => plain(stage.intensity),
    },
  ]
  if (time === undefined) return columns
  const timeOf = (stage: StageAnalysis): number => stage.time?.seconds ?? 0
  return [
    ...columns,
    scaled('Time', 's', time.seconds, timeOf),
    {
      title: 'Share of time',
      unit: '',
      total: '',
      cell: (stage: StageAnalysis) => percent(ratio(timeOf(stage), time.seconds)),
    },
  ]
}

const scaledColumn = (
  title: string,
  scale: ColumnScale,
  total: number,
  of: (stage: StageAnalysis) => number,
): StageColumn => ({
  title,
  unit: scale.unit,
  total: scale.text(total),
  cell: (stage) => scale.text(of(stage)),
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
${memorySection(analysis)}
${layersSection(analysis)}
${methodSection(analysis)}`,
      data: analysisJson(analysis),
    },
    assets,
  )
