import type { InitScheme, NetworkMetadata } from '../graph.ts'
import { MAX_RESIZE, plainSchemes, type GivenMetadata, type Plain } from './metadata.ts'

/** The field's habit: the shorter side becomes the crop's size divided by this, 256 for a crop of 224. */
const CROP_RATIO = 0.875
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
  const shorter = (size: readonly number[]) => Math.min(...size.slice(1))
  const resize = Number(said('resize') ?? Math.round(shorter(declared) / CROP_RATIO))
  const inProportion = Math.round((resize * shorter(actual)) / shorter(declared))
  return {
    mean: perChannel(said('mean'), channels, imagenet.mean, 0),
    std: perChannel(said('std'), channels, imagenet.std, 1),
    resize: Math.min(MAX_RESIZE, Math.max(1, inProportion)),
    interpolation: said('interpolation') === 'bilinear' ? 'bilinear' : 'bicubic',
    ...text(given, 'labels'),
    ...text(given, 'names'),
    ...text(given, 'paper'),
    convInit: scheme(said('conv_init') ?? 'kaiming_normal', Number(said('conv_std') ?? 0.02)),
    linearInit: scheme(said('linear_init') ?? 'normal', Number(said('linear_std') ?? 0.01)),
  }
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
