import type { InitScheme, NetworkMetadata } from '../graph.ts'
import { MAX_RESIZE, plainSchemes, type GivenMetadata, type Plain } from './metadata.ts'

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
