import { bytes, plain, quantity, seconds } from './quantities.ts'

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
