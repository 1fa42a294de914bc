import type { Analysis, MemoryAnalysis } from '../../../analysis/analysis.ts'
import { chart } from './chart.ts'
import { markup, nothing, type Markup } from '../markup.ts'
import { bytes, percent, plain, ratio } from '../quantities.ts'

/** The course of memory over a step, and what its peak is made of, which reads without a script. */
export function memorySection(analysis: Analysis): Markup {
  const { memory, run } = analysis
  return markup`<section aria-labelledby="memory-title">
<h2 id="memory-title">Memory</h2>
<p class="lede">At batch ${run.batch} the peak is <strong>${bytes(memory.peak)}</strong>, \
${placeOf(analysis)}.${deviceText(memory)}</p>
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
