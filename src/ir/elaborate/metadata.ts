import { nearest } from '../../diagnostics/suggest.ts'
import type { Metadata } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import type { Context, Frame } from './context.ts'
import { evaluateArgument } from './evaluate-call.ts'
import { isNumber, type GivenArgument, type Value } from './values.ts'

export type Plain = number | string | readonly number[]

/** What `metadata(...)` said, by key, checked; and where. */
export type GivenMetadata = Map<string, { readonly value: Plain; readonly span: Span }>

/** Without a deviation of their own. */
export const plainSchemes = ['kaiming_normal', 'kaiming_normal_grouped', 'uniform'] as const
const schemes = [...plainSchemes, 'normal', 'truncated_normal']

/** The longest side of a picture, in pixels. */
export const MAX_RESIZE = 65_536

/** Every key, what it must be, and the test of it. */
const keys: ReadonlyMap<string, { wanted: string; accepts: (value: Plain) => boolean }> = new Map([
  ['mean', { wanted: 'a number per channel', accepts: Array.isArray }],
  [
    'std',
    { wanted: 'a positive number per channel', accepts: (v) => Array.isArray(v) && v.every((s) => s > 0) },
  ],
  [
    'resize',
    {
      wanted: `a size in pixels, 1 to ${MAX_RESIZE}`,
      accepts: (v) => Number.isInteger(v) && Number(v) > 0 && Number(v) <= MAX_RESIZE,
    },
  ],
  [
    'crop_pct',
    {
      wanted: 'a number above 0 and at most 1: the part of a side that is seen',
      accepts: (v) => typeof v === 'number' && v > 0 && v <= 1,
    },
  ],
  [
    'interpolation',
    { wanted: '"bilinear" or "bicubic"', accepts: (v) => v === 'bilinear' || v === 'bicubic' },
  ],
  ['labels', { wanted: 'the name of a list of labels', accepts: isText }],
  ['names', { wanted: 'the name of a map of parameter names', accepts: isText }],
  ['paper', { wanted: 'a string', accepts: isText }],
  ['conv_init', { wanted: schemes.join(' or '), accepts: (v) => schemes.some((s) => s === v) }],
  ['linear_init', { wanted: schemes.join(' or '), accepts: (v) => schemes.some((s) => s === v) }],
  ['conv_std', { wanted: 'a positive number', accepts: (v) => typeof v === 'number' && v > 0 }],
  ['linear_std', { wanted: 'a positive number', accepts: (v) => typeof v === 'number' && v > 0 }],
])

/** Keys that say the same in two ways. */
const rivals: ReadonlyMap<string, string> = new Map([
  ['resize', 'crop_pct'],
  ['crop_pct', 'resize'],
])

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** Checks and keeps the facts of a `metadata(...)` statement. */
export function executeMetadata(
  context: Context,
  frame: Frame,
  statement: Metadata,
  into: GivenMetadata,
): void {
  for (const argument of statement.arguments) {
    const given = evaluateArgument(context, frame, argument)
    if (given.value.kind !== 'poison') accept(context, frame, given, into)
  }
}

function accept(
  context: Context,
  frame: Frame,
  { name, value, span }: GivenArgument,
  into: GivenMetadata,
): void {
  const key = name?.text ?? ''
  const rule = keys.get(key)
  if (rule === undefined || name === undefined) {
    const known = [...keys.keys()]
    context.reportIn(frame, 'E0402', name?.span ?? span, () => {
      return { callee: 'metadata', name: key, nearest: nearest(key, known), known }
    })
    return
  }
  const plain = toPlain(value)
  const rival = rivals.get(key)
  if (rival !== undefined && into.has(rival)) context.reportIn(frame, 'E0751', span, { key, other: rival })
  else if (into.has(key)) context.reportIn(frame, 'E0405', span, { callee: 'metadata', name: key })
  else if (plain !== undefined && rule.accepts(plain)) into.set(key, { value: plain, span })
  else context.reportIn(frame, 'E0419', span, { key, wanted: rule.wanted })
}

function toPlain(value: Value): Plain | undefined {
  if (value.kind === 'string' || isNumber(value)) return value.value
  if (value.kind !== 'list') return undefined
  const numbers = value.items.flatMap((item) => (isNumber(item) ? [item.value] : []))
  return numbers.length === value.items.length ? numbers : undefined
}

/** Reports statistics that are not one number for each of the declared channels; false where there are any. */
export function checkStatistics(
  context: Context,
  frame: Frame,
  given: GivenMetadata,
  [channels = 0]: readonly number[],
): boolean {
  const odd = ['mean', 'std'].filter((key) => {
    const said = given.get(key)
    const fits = said === undefined || (Array.isArray(said.value) && said.value.length === channels)
    const wanted = `a list of one number per channel of the input, ${channels} in all`
    if (!fits) context.reportIn(frame, 'E0419', said.span, { key, wanted })
    return !fits
  })
  return odd.length === 0
}
