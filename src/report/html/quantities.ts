import { isDivided, measureNamed, type Measure } from '../../analysis/measures.ts'
import { exact } from '../units.ts'

/** Keeps a number and its unit on one line. */
const SPACE = '\u00a0'

const PREFIXES = ['n', 'µ', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const
const UNPREFIXED = PREFIXES.indexOf('')

/** Three significant digits and a decimal prefix: `31.4 MB`, `12.0 µs`, `5.73 G`. */
export function prefixed(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return `0${unit === '' ? '' : SPACE + unit}`
  const { factor, prefix } = scaleFor(value, unit)
  const suffix = `${prefix}${unit}`
  return `${threeDigits(value / factor)}${suffix === '' ? '' : SPACE + suffix}`
}

export const bytes = (value: number): string => prefixed(value, 'B')
export const seconds = (value: number): string => prefixed(value, 's')
export const intensity = (value: number): string => prefixed(value, 'FLOP/B')

/** As on an axis: `1.00 GB` becomes `1 GB`. */
export const withoutZeros = (text: string): string =>
  text.replace(/\.\d+/, (decimals) => {
    let end = decimals.length
    while (decimals[end - 1] === '0') end--
    return end === 1 ? '' : decimals.slice(0, end)
  })

/** `1,104`, `38.2`: for figures that people do not prefix. */
export const plain = (value: number): string => (value >= 100 ? exact(Math.round(value)) : threeDigits(value))

/** A value of a measure: `5.73 G`, `187 MB`, `4,904`. */
export const pageText = ({ unit, written }: Measure, value: number): string =>
  written === 'plain' ? plain(value) : prefixed(value, unit)

/** How a value of a sweep is called and written. */
export interface NamedValue {
  /** `Bytes an image`. */
  readonly title: string
  /** `B`, `s`; empty for a count. */
  readonly unit: string
  readonly text: (value: number) => string
}

/** By the key of a measure; a key of another program is called as it is written, and its values are counts. */
export function namedValue(key: string): NamedValue {
  const measure = measureNamed(key)
  if (measure === undefined)
    return { title: key.replaceAll('_', ' '), unit: '', text: (value) => prefixed(value, '') }
  const { heading, unit } = measure
  return { title: heading, unit, text: (value) => pageText(measure, value) }
}

/** A part of a whole, 0 to 1, as `12.3 %`; what is there but too little to show is `< 0.1 %`. */
export function shareText(part: number): string {
  if (!Number.isFinite(part)) return '–'
  return part > 0 && part < 0.0005 ? `<${SPACE}0.1${SPACE}%` : `${(100 * part).toFixed(1)}${SPACE}%`
}

export const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

export const sizesText = (sizes: readonly number[]): string => sizes.join(`${SPACE}×${SPACE}`)

/** One unit for a whole column, so that its numbers line up. */
export interface ColumnScale {
  /** `MB`; empty where the numbers stand for themselves. */
  readonly unit: string
  /** `118.01`; `< 0.01` for what is there but too little to show. */
  readonly text: (value: number) => string
}

/** The unit in which the largest of `values` has one to three digits before the point. */
export function columnScale(values: readonly number[], unit: string): ColumnScale {
  let largest = 0
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, value)
  const { factor, prefix } = scaleFor(largest, unit)
  return { unit: `${prefix}${unit}`, text: (value) => fixed(value / factor) }
}

function fixed(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  return value < 0.005 ? `<${SPACE}0.01` : value.toFixed(2)
}

/** Counts have no thousandths: a prefix below one is for units only. */
function scaleFor(value: number, unit: string): { factor: number; prefix: string } {
  const least = isDivided(unit) ? 0 : UNPREFIXED
  let index = UNPREFIXED
  while (index < PREFIXES.length - 1 && rounded(value, index) >= 1000) index++
  while (index > least && value > 0 && rounded(value, index) < 1) index--
  return { factor: factorOf(index), prefix: PREFIXES[index] ?? '' }
}

const factorOf = (index: number): number => 1000 ** (index - UNPREFIXED)

const rounded = (value: number, index: number): number => Number((value / factorOf(index)).toPrecision(3))

function threeDigits(value: number): string {
  const short = Number(value.toPrecision(3))
  if (short >= 1000 || short === 0) return String(Math.round(value))
  if (short < 0.01) return value.toExponential(1)
  return short.toFixed(short >= 100 ? 0 : short >= 10 ? 1 : 2)
}
