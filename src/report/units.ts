import { isDivided, type Measure, type MeasureUnit } from '../analysis/measures.ts'
import { printable } from '../diagnostics/printable.ts'

/** `31,389,032`, whatever the locale. */
// eslint-disable-next-line regexp/no-super-linear-move -- a number has some twenty digits at most
export const exact = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')

/** A number as people read it, and its unit with a prefix; the unit is empty where the number stands for itself. */
interface Quantity {
  readonly number: string
  readonly unit: string
}

interface Prefix {
  readonly name: string
  readonly factor: number
}

const none: Prefix = { name: '', factor: 1 }

const decimal: readonly Prefix[] = ['', 'k', 'M', 'G', 'T', 'P', 'E'].map((name, power) => ({
  name,
  factor: 1000 ** power,
}))
/** `u` for micro, as `--max-time` reads it. */
const subunits: readonly Prefix[] = ['n', 'u', 'm'].map((name, power) => ({
  name,
  factor: 1000 ** (power - 3),
}))
const binary: readonly Prefix[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'].map((name, power) => ({
  name,
  factor: 1024 ** power,
}))

/** The prefixes that a unit takes: some are divided too, and memory is told in powers of 1024, as its makers do. */
function prefixesOf(unit: MeasureUnit): readonly Prefix[] {
  if (!isDivided(unit)) return decimal
  return [...subunits, ...(unit === 's' ? decimal.slice(0, 1) : decimal)]
}

/** Four significant digits: `31.39` `M`, `187.3` `MB`, `231.9` `ms`. */
export const quantity = (value: number, unit: MeasureUnit): Quantity =>
  scaled(value, unit, prefixesOf(unit), 4)

/** Memory that is held, in powers of 1024: `3.21` `GiB`. */
export const memoryQuantity = (bytes: number): Quantity => scaled(bytes, 'B', binary, 3)

function scaled(value: number, unit: string, choices: readonly Prefix[], digits: number): Quantity {
  const { name, factor } = prefixFor(value, choices)
  const whole = factor === 1 && !isDivided(unit)
  const number = whole ? exact(Math.round(value)) : significant(value / factor, digits)
  return { number, unit: name + unit }
}

/** The largest prefix under which the number is at least 1, as rounded to four digits; else the smallest. */
function prefixFor(value: number, [smallest = none, ...larger]: readonly Prefix[]): Prefix {
  const fits = ({ factor }: Prefix): boolean => Number((value / factor).toPrecision(4)) >= 1
  return value === 0 ? none : larger.reduce((best, each) => (fits(each) ? each : best), smallest)
}

/** `5.735`, `61.20`, `1,104`: no zeros in place of digits that are known; `<0.001` for what is too little to show. */
export function significant(value: number, digits = 4): string {
  const rounded = Number(value.toPrecision(digits))
  return rounded >= 1000 ? exact(Math.round(value)) : fixed(value, decimalsFor(rounded, digits), '0')
}

const decimalsFor = (value: number, digits: number): number =>
  Math.max(0, digits - (value >= 100 ? 3 : value >= 10 ? 2 : 1))

export const joined = ({ number, unit }: Quantity): string => (unit === '' ? number : `${number} ${unit}`)

/** A value of a measure: `31.39 M`, `187.3 MB`, `3.21 GiB`, `3,364`. */
export function measureText({ unit, written }: Measure, value: number): string {
  if (written === 'plain') return significant(value)
  return joined(written === 'binary' ? memoryQuantity(value) : quantity(value, unit))
}

/** `71.3` of a hundred; for what is there but too little to show, `<0.1`. */
export function percent(part: number, whole = 1): string {
  if (whole === 0 || part === 0) return '0'
  const hundredths = (100 * part) / whole
  return hundredths < 0.05 ? '<0.1' : hundredths.toFixed(1)
}

/** One unit for a column, so that its numbers line up. */
export interface Scale {
  /** `MB`; empty where the numbers stand for themselves. */
  readonly unit: string
  readonly text: (value: number) => string
}

/** Nothing, as it stands in a table, where zeros would hide the numbers. */
export const NOTHING = '-'

/** The unit in which the largest number of a column has that many digits. */
export function scaleFor(largest: number, unit: MeasureUnit, digits = 4): Scale {
  const { name, factor } = prefixFor(largest, prefixesOf(unit))
  const decimals = factor === 1 && !isDivided(unit) ? 0 : decimalsFor(largest / factor, digits)
  return { unit: name + unit, text: (value) => fixed(value / factor, decimals) }
}

function fixed(value: number, decimals: number, nothing = NOTHING): string {
  if (value === 0) return nothing
  const least = 10 ** -decimals
  if (value < least / 2) return `<${least.toFixed(decimals)}`
  const [whole = '', fraction] = value.toFixed(decimals).split('.')
  return exact(Number(whole)) + (fraction === undefined ? '' : `.${fraction}`)
}

/** The words of a text in lines of at most `width` columns; a longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of printable(text).split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
