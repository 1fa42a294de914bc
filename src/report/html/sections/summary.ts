import type { Analysis, Throughput } from '../../../analysis/analysis.ts'
import { markup, type Markup } from '../markup.ts'
import { bytes, intensity, percent, plain, quantity, ratio, seconds } from '../quantities.ts'

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
