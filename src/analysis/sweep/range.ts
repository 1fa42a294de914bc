/** Numbers from `from` to `to`, both included, by `step`; all are whole multiples of `unit`. */
export interface NumberRange {
  readonly from: number
  readonly to: number
  readonly step: number
  /** Decimals that the text has: 0.05 has 2. */
  readonly decimals: number
}

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,9})?`
const RANGE = new RegExp(String.raw`^\s*(${NUMBER})\s*\.\.\s*(${NUMBER})\s*(?::\s*(${NUMBER})\s*)?$`)

/** Whether a text means to be a range, well written or not. */
export const looksLikeRange = (text: string): boolean => /^\s*[-+]?[\d.]*\d\s*\.\.[^.]/.test(text)

/**
 * `0.5..2:0.1`, `1..4`. Numbers are kept as whole multiples of their last decimal, so that steps do not drift: 0.1 added up
 * ten times is 1. A text says what is wrong.
 */
export function parseRange(text: string): NumberRange | string {
  const [, from, to, given] = RANGE.exec(text) ?? []
  if (from === undefined || to === undefined) return 'a range is written START..END:STEP in plain decimals'
  const decimals = Math.max(...[from, to, given ?? ''].map(decimalsOf))
  if (given === undefined && decimals > 0) return 'a range of fractions needs its step: 0.5..2:0.1'
  const [start = 0, end = 0, step = 0] = [from, to, given ?? '1'].map((number) => scaled(number, decimals))
  if (step <= 0) return 'the step must be above 0'
  if (end < start) return 'the end is below the start'
  if (![start, end].every(Number.isSafeInteger)) return 'a number has too many digits'
  return { from: start, to: end, step, decimals }
}

export const lengthOf = ({ from, to, step }: NumberRange): number => Math.floor((to - from) / step) + 1

/** The numbers as text, without zeros at their end: `0.5`, `1`, `1.5`. */
export const textsOf = (range: NumberRange): readonly string[] =>
  Array.from({ length: lengthOf(range) }, (_, i) =>
    String((range.from + i * range.step) / 10 ** range.decimals),
  )

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0

/** A decimal as a whole number of its last places. */
const scaled = (text: string, decimals: number): number => Math.round(Number(text) * 10 ** decimals)
