import { nearest } from '../../diagnostics/suggest.ts'
import type { Metadata } from '../../parser/ast.ts'
import type { InitScheme, NetworkMetadata } from '../graph.ts'
import type { Context, Frame } from './context.ts'
import { evaluateArgument } from './evaluate-call.ts'
import { isNumber, type GivenArgument, type Value } from './values.ts'

/** What `metadata(...)` said, by key, checked. */
export type GivenMetadata = Map<string, number | string | readonly number[]>

const plainSchemes = ['kaiming_normal', 'kaiming_normal_grouped', 'uniform'] as const
const schemes = [...plainSchemes, 'normal', 'truncated_normal']

/** Every key, what it must be, and the test of it. */
const keys: ReadonlyMap<
  string,
  { wanted: string; accepts: (value: number | string | readonly number[]) => boolean }
> = new Map([
  ['mean', { wanted: 'a number per channel', accepts: Array.isArray }],
  [
    'std',
    { wanted: 'a positive number per channel', accepts: (v) => Array.isArray(v) && v.every((s) => s > 0) },
  ],
  [
    'resize',
    {
      wanted: 'a size in pixels, 1 to 65536',
      accepts: (v) => Number.isInteger(v) && Number(v) > 0 && Number(v) <= 65536,
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
    context.reportIn(frame, 'E0402', name?.span ?? span, {
      callee: 'metadata',
      name: key,
      nearest: nearest(key, known),
      known,
    })
    return
  }
  const plain = toPlain(value)
  if (into.has(key)) context.reportIn(frame, 'E0405', span, { callee: 'metadata', name: key })
  else if (plain !== undefined && rule.accepts(plain)) into.set(key, plain)
  else context.reportIn(frame, 'E0419', span, { key, wanted: rule.wanted })
}

function toPlain(value: Value): number | string | readonly number[] | undefined {
  if (value.kind === 'string' || isNumber(value)) return value.value
  if (value.kind !== 'list') return undefined
  const numbers = value.items.flatMap((item) => (isNumber(item) ? [item.value] : []))
  return numbers.length === value.items.length ? numbers : undefined
}

/** The field's habit: the shorter side becomes the crop's size divided by this, 256 for a crop of 224. */
const CROP_RATIO = 0.875
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/**
 * Metadata with its defaults: ImageNet's statistics for three channels, the usual crop, Kaiming initialisation.
 * `resize` was said for the declared input; another input's is in proportion.
 */
export function completeMetadata(
  given: GivenMetadata,
  declared: readonly number[],
  actual: readonly number[],
): NetworkMetadata {
  const [channels = 0] = actual
  const shorter = (size: readonly number[]) => Math.min(...size.slice(1))
  const resize = Number(given.get('resize') ?? Math.round(shorter(declared) / CROP_RATIO))
  return {
    mean: perChannel(given.get('mean') ?? (channels === 3 ? imagenet.mean : 0), channels),
    std: perChannel(given.get('std') ?? (channels === 3 ? imagenet.std : 1), channels),
    resize: Math.max(1, Math.round((resize * shorter(actual)) / shorter(declared))),
    interpolation: given.get('interpolation') === 'bilinear' ? 'bilinear' : 'bicubic',
    ...text(given, 'labels'),
    ...text(given, 'names'),
    ...text(given, 'paper'),
    convInit: scheme(given.get('conv_init') ?? 'kaiming_normal', Number(given.get('conv_std') ?? 0.02)),
    linearInit: scheme(given.get('linear_init') ?? 'normal', Number(given.get('linear_std') ?? 0.01)),
  }
}

const perChannel = (value: number | string | readonly number[], channels: number): readonly number[] =>
  typeof value === 'object' ? value : Array.from({ length: channels }, () => Number(value))

function text<K extends 'labels' | 'names' | 'paper'>(
  given: GivenMetadata,
  key: K,
): { readonly [P in K]?: string } {
  const value = given.get(key)
  return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]?: string }) : {}
}

function scheme(kind: unknown, std: number): InitScheme {
  if (kind === 'normal' || kind === 'truncated_normal') return { kind, std }
  return { kind: plainSchemes.find((plain) => plain === kind) ?? 'kaiming_normal' }
}
