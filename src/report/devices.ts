import { type Device, type Figure, dataTypesOf, peakOf, type Peak } from '../analysis/devices/device.ts'
import type { DataType } from '../engines/kernel.ts'
import { figuresOf } from '../analysis/devices/read-device.ts'
import { printable } from '../diagnostics/printable.ts'
import { left, right, tableText } from './table.ts'
import { percent, wrapped } from './units.ts'

/** Longer lines of a sentence are hard to read, however wide the terminal. */
const TEXT_WIDTH = 100

/** A device as its file states it, and what follows from that. */
interface DeviceJson extends Omit<Device, '$schema'> {
  readonly peaks: Readonly<Partial<Record<DataType, PeakJson>>>
}

interface PeakJson {
  readonly unit: Peak['unit']
  /** Operations a second. */
  readonly rate: number
  /** FLOP a byte. */
  readonly ridge: number
}

export function deviceJson(device: Device): DeviceJson {
  const peaks = dataTypesOf(device).flatMap((type) => {
    const peak = peakOf(device, type)
    if (peak === undefined) return []
    return [[type, { unit: peak.unit, rate: peak.figure.value, ridge: peak.ridge }] as const]
  })
  const report: DeviceJson & { $schema?: string } = { ...device, peaks: Object.fromEntries(peaks) }
  // Where the schema lies from the file's place, and not from where the report goes.
  delete report.$schema
  return report
}

/** A table with a line for each device. @param width columns of the terminal */
export function devicesText(devices: readonly Device[], width: number): string {
  const columns = [
    left('device'),
    left('', { dropOrder: 1 }),
    right('memory'),
    right('bandwidth'),
    right('fp32'),
    left('TFLOP/s'),
    right('fp16'),
    left('TFLOP/s'),
    right('ridge'),
  ]
  const legend =
    'TFLOP/s: dense, by tensor cores and their kin (matrix) or lanes (vector); fp16 accumulates in fp32. ' +
    'ridge: FLOP a byte from which on arithmetic and not memory is the limit, in fp16 (fp32 where there is none).'
  return block([
    ...tableText({ columns, rows: devices.map(rowOf) }, width),
    '',
    ...wrapped(legend, Math.min(width, TEXT_WIDTH)),
  ])
}

function rowOf(device: Device): readonly string[] {
  const [fp32, fp16] = [peakOf(device, 'fp32'), peakOf(device, 'fp16')]
  const ridge = (fp16 ?? fp32)?.ridge
  return [
    printable(device.name),
    printable(device.title),
    amount(device.memory.value, 2 ** 30, 'GiB'),
    amount(device.bandwidth.value, 1e9, 'GB/s'),
    ...peakCells(fp32),
    ...peakCells(fp16),
    ridge === undefined ? '-' : ridge.toFixed(1),
  ]
}

const peakCells = (peak: Peak | undefined): readonly [string, string] =>
  peak === undefined ? ['-', ''] : [(peak.figure.value / 1e12).toFixed(1), peak.unit]

/** Everything that a device file says. @param width columns of the terminal */
export function deviceText(device: Device, width: number): string {
  const figures = figuresOf(device)
  const columns = [left('figure'), right(''), right('FLOP a byte'), left('source')]
  const rows = figures.map(([where, figure]) => [
    where.replace(/^rates\./, ''),
    valueOf(where, figure),
    where.startsWith('rates.') ? (figure.value / device.bandwidth.value).toFixed(1) : '',
    printable(figure.source),
  ])
  const notes = figures.flatMap(([where, { note }]) =>
    note === undefined ? [] : item(where.replace(/^rates\./, ''), note, width),
  )
  const sources = Object.entries(device.sources).flatMap(([key, { title, url }]) => [
    ...item(key, title, width),
    `    ${printable(url)}`,
  ])
  return block([
    `${printable(device.name)}: ${printable(device.title)}`,
    '',
    ...tableText({ columns, rows }, width),
    ...(notes.length === 0 ? [] : ['', 'Notes', ...notes]),
    '',
    'Sources',
    ...sources,
    ...calibrationLines(device),
  ])
}

function valueOf(where: string, { value }: Figure): string {
  if (where === 'bandwidth') return amount(value, 1e9, 'GB/s')
  if (where === 'launch') return amount(value, 1e-6, 'us')
  if (where === 'cache') return amount(value, 2 ** 20, 'MiB')
  if (where === 'energy.byte') return amount(value, 1, 'pJ/B')
  if (where.startsWith('energy.operation.')) return amount(value, 1, 'pJ/FLOP')
  const operations = where.includes('int8') ? 'OP/s' : 'FLOP/s'
  // A CPU under tfjs has less than one TFLOP/s.
  if (where.startsWith('rates.'))
    return value < 1e11 ? amount(value, 1e9, `G${operations}`) : amount(value, 1e12, `T${operations}`)
  return amount(value, 2 ** 30, 'GiB')
}

/** At most two decimals, three of picojoules, and no zeros at their end. */
const amount = (value: number, unit: number, name: string): string =>
  `${Number((value / unit).toFixed(unit === 1 ? 3 : 2))} ${name}`

const item = (key: string, text: string, width: number): readonly string[] =>
  wrapped(`${key}: ${text}`, Math.min(width, TEXT_WIDTH) - 2).map((line) => `  ${line}`)

function calibrationLines({ calibrations = [] }: Device): readonly string[] {
  if (calibrations.length === 0) return []
  const lines = calibrations.map(({ engine, layout, precision, rows, networks, error }) => {
    const what = printable(`${engine}, ${layout}, ${precision}`)
    return `  ${what}: ${rows} rows of ${networks} networks; median error ${percent(error.median)}%`
  })
  return ['', 'Calibrations', ...lines]
}

const block = (lines: readonly string[]): string => `${lines.join('\n')}\n`
