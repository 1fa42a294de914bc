import { nearest } from '../diagnostics/suggest.ts'
import type { Metadata } from '../parser/ast.ts'
import type { Span } from '../source/span.ts'
import type { Place } from './place.ts'
import { evaluateArgument } from './expressions.ts'
import { isNumber, type GivenArgument, type Evaluated } from './values.ts'
import type { InitScheme, NetworkMetadata } from '../ir/graph.ts'

type Plain = number | string | readonly number[]

/** What `metadata(...)` said, by key, checked; and where. */
export type GivenMetadata = Map<string, { readonly value: Plain; readonly span: Span }>

/** The schemes that take no deviation. */
const plainSchemes = ['kaiming_normal', 'kaiming_normal_grouped', 'uniform'] as const
const schemes = [...plainSchemes, 'normal', 'truncated_normal']

/** The longest side of a picture, in pixels. */
const MAX_RESIZE = 65_536

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
export function takeMetadata(place: Place, statement: Metadata, into: GivenMetadata): void {
  for (const argument of statement.arguments) {
    const given = evaluateArgument(place, argument)
    if (given.value.kind !== 'poison') accept(place, given, into)
  }
}

function accept(place: Place, { name, value, span }: GivenArgument, into: GivenMetadata): void {
  const key = name?.text ?? ''
  const rule = keys.get(key)
  if (rule === undefined || name === undefined) {
    const known = [...keys.keys()]
    place.report('E0402', name?.span ?? span, () => {
      return { callee: 'metadata', name: key, nearest: nearest(key, known), known }
    })
    return
  }
  const plain = toPlain(value)
  const rival = rivals.get(key)
  if (rival !== undefined && into.has(rival)) place.report('E0751', span, { key, other: rival })
  else if (into.has(key)) place.report('E0405', span, { callee: 'metadata', name: key })
  else if (plain !== undefined && rule.accepts(plain)) into.set(key, { value: plain, span })
  else place.report('E0419', span, { key, wanted: rule.wanted })
}

function toPlain(value: Evaluated): Plain | undefined {
  if (value.kind === 'string' || isNumber(value)) return value.value
  if (value.kind !== 'list') return undefined
  const numbers = value.items.flatMap((item) => (isNumber(item) ? [item.value] : []))
  return numbers.length === value.items.length ? numbers : undefined
}

/** Reports statistics that are not one number for each of the declared channels; false where there are any. */
export function checkStatistics(
  place: Place,
  given: GivenMetadata,
  [channels = 0]: readonly number[],
): boolean {
  const odd = ['mean', 'std'].filter((key) => {
    const said = given.get(key)
    const fits = said === undefined || (Array.isArray(said.value) && said.value.length === channels)
    const wanted = `a list of one number per channel of the input, ${channels} in all`
    if (!fits) place.report('E0419', said.span, { key, wanted })
    return !fits
  })
  return odd.length === 0
}

/** The field's habit: the part of a resized picture's side that is seen, 224 of 256. */
const CROP_PCT = 0.875
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/**
 * Metadata with its defaults: ImageNet's statistics for three channels, the usual crop, Kaiming initialisation.
 * All was said for the declared input: for another one, `resize` is in proportion, and statistics of another
 * number of channels do not count.
 */
export function completeMetadata(
  given: GivenMetadata,
  declared: readonly number[],
  actual: readonly number[],
): NetworkMetadata {
  const [channels = 0] = actual
  const said = (key: string) => given.get(key)?.value
  return {
    mean: perChannel(said('mean'), channels, imagenet.mean, 0),
    std: perChannel(said('std'), channels, imagenet.std, 1),
    resize: resizeOf(given, declared, actual),
    interpolation: said('interpolation') === 'bilinear' ? 'bilinear' : 'bicubic',
    ...text(given, 'labels'),
    ...text(given, 'names'),
    ...text(given, 'paper'),
    convInit: scheme(said('conv_init') ?? 'kaiming_normal', Number(said('conv_std') ?? 0.02)),
    linearInit: scheme(said('linear_init') ?? 'normal', Number(said('linear_std') ?? 0.01)),
  }
}

/**
 * Each side of the input divided by the part that is seen, rounded down as timm does (`transforms_imagenet_eval`); one
 * number for a square. `resize` says that part for the declared input.
 */
function resizeOf(
  given: GivenMetadata,
  declared: readonly number[],
  [, height = 1, width = 1]: readonly number[],
): NetworkMetadata['resize'] {
  const resize = given.get('resize')?.value
  const scaled = (side: number): number =>
    resize === undefined
      ? Math.floor(side / Number(given.get('crop_pct')?.value ?? CROP_PCT))
      : Math.floor((side * Number(resize)) / Math.min(...declared.slice(1)))
  const bounded = (side: number): number => Math.min(MAX_RESIZE, Math.max(1, scaled(side)))
  return height === width ? bounded(height) : [bounded(height), bounded(width)]
}

function perChannel(
  said: Plain | undefined,
  channels: number,
  ofColours: readonly number[],
  neutral: number,
): readonly number[] {
  if (typeof said === 'object' && said.length === channels) return said
  return channels === ofColours.length ? ofColours : Array.from({ length: channels }, () => neutral)
}

function text<K extends 'labels' | 'names' | 'paper'>(
  given: GivenMetadata,
  key: K,
): { readonly [P in K]?: string } {
  const value = given.get(key)?.value
  return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]?: string }) : {}
}

function scheme(kind: unknown, std: number): InitScheme {
  if (kind === 'normal' || kind === 'truncated_normal') return { kind, std }
  return { kind: plainSchemes.find((plain) => plain === kind) ?? 'kaiming_normal' }
}
