/** Pixels of 8 bits a channel, row by row: red, green and blue, or grey alone. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly pixels: Uint8Array
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle of pixels. */
interface Window extends Size {
  readonly left: number
  readonly top: number
}

interface Filter {
  /** How far it reaches to either side, in pixels of the coarser grid. */
  readonly support: number
  readonly weight: (distance: number) => number
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** Keys 1981, with a = -0.5 as Pillow has it. */
function cubic(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

export const filters: Readonly<Record<'bilinear' | 'bicubic', Filter>> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
}

/** Weights are whole numbers over this many bits, as in Pillow; 8-bit pixels then fit into 32 bits. */
const WEIGHT_BITS = 22

/** Which pixels of a line make one pixel of the resampled line. */
interface Taps {
  readonly start: number
  readonly weights: readonly number[]
}

/**
 * The taps of pixels `from` to `from + count` of a line resampled from `size` to `target` pixels. The filter is
 * stretched by the reduction, which keeps fine patterns from aliasing (Pillow's Resample.c, `precompute_coeffs`).
 */
export function tapsOf(
  filter: Filter,
  size: number,
  target: number,
  from: number,
  count: number,
): readonly Taps[] {
  const scale = size / target
  const stretch = Math.max(1, scale)
  return Array.from({ length: count }, (_, index) => {
    const centre = (from + index + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - filter.support * stretch + 0.5))
    const end = Math.min(size, Math.trunc(centre + filter.support * stretch + 0.5))
    const weights = Array.from({ length: end - start }, (_, tap) =>
      filter.weight((start + tap - centre + 0.5) / stretch),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    return { start, weights: weights.map((weight) => toFixed(sum === 0 ? weight : weight / sum)) }
  })
}

const toFixed = (weight: number): number => Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5))

/** What a picture is resized to before its centre is cut out: its shorter side, or [height, width] that it has to cover. */
type Resize = number | readonly [height: number, width: number]

/** How a picture is resized, and what of the result the network sees. */
interface Fit {
  readonly target: Size
  /** The part that is seen. Along an axis on which the result is smaller than the network's input, it is all. */
  readonly window: Window
  /** Where that part lies in the network's input; what is around it is black. */
  readonly margin: { readonly left: number; readonly top: number }
}

/**
 * What timm does when it evaluates (`transforms_imagenet_eval`): for a square, torchvision's Resize of the shorter side,
 * otherwise timm's ResizeKeepRatio; then torchvision's CenterCrop, which fills up with black. All with their rounding.
 */
export function fitPicture(picture: Size, resize: Resize, crop: Size): Fit {
  const scale = scaleSize(resize, crop)
  const target = scale.width === scale.height ? shorterTo(picture, scale.width) : cover(picture, scale)
  const x = cut(target.width, crop.width)
  const y = cut(target.height, crop.height)
  return {
    target,
    window: { left: x.from, top: y.from, width: x.length, height: y.length },
    margin: { left: x.margin, top: y.margin },
  }
}

/** One number is that of the crop's shorter side; the other is in proportion, rounded down as timm does. */
function scaleSize(resize: Resize, { width, height }: Size): Size {
  if (typeof resize !== 'number') return { width: resize[1], height: resize[0] }
  const shorter = Math.max(1, Math.round(resize))
  const scaled = (side: number): number => Math.floor((side * shorter) / Math.min(width, height))
  return { width: scaled(width), height: scaled(height) }
}

/** torchvision's Resize with one number. */
function shorterTo({ width, height }: Size, side: number): Size {
  const longer = Math.trunc((side * Math.max(width, height)) / Math.min(width, height))
  return width <= height ? { width: side, height: longer } : { width: longer, height: side }
}

/** timm's ResizeKeepRatio: one side becomes the wanted one, and the other at least as long as wanted. */
function cover({ width, height }: Size, wanted: Size): Size {
  const ratio = Math.min(height / wanted.height, width / wanted.width)
  return { width: roundHalfEven(width / ratio), height: roundHalfEven(height / ratio) }
}

/** torchvision's CenterCrop along one axis. */
function cut(size: number, wanted: number): { from: number; length: number; margin: number } {
  if (size < wanted) return { from: 0, length: size, margin: Math.floor((wanted - size) / 2) }
  return { from: roundHalfEven((size - wanted) / 2), length: wanted, margin: 0 }
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The pixels within `window` of the picture resized to `target`, and no others, so that the cost does not depend
 * on how large the rest would be. Equals Pillow's `Image.resize` bit for bit: networks were trained on what it
 * gives, and a sharper or softer filter costs accuracy.
 */
export function resizeWindow(picture: Picture, target: Size, window: Window, filter: Filter): Picture {
  const columns = tapsOf(filter, picture.width, target.width, window.left, window.width)
  const rows = tapsOf(filter, picture.height, target.height, window.top, window.height)
  // The taps of a line go from left to right, and never turn back.
  const firstRow = rows[0]?.start ?? 0
  const last = rows.at(-1)
  const endRow = last === undefined ? firstRow : last.start + last.weights.length
  const narrow = squeezeColumns(picture, columns, firstRow, endRow)
  return {
    width: window.width,
    height: window.height,
    channels: picture.channels,
    pixels: squeezeRows(narrow, rows, window.width * picture.channels, firstRow),
  }
}

/** Rows `firstRow` to `endRow`, each resampled along x. */
function squeezeColumns(
  { width, channels, pixels }: Picture,
  columns: readonly Taps[],
  firstRow: number,
  endRow: number,
): Uint8Array {
  const out = new Uint8Array((endRow - firstRow) * columns.length * channels)
  let at = 0
  for (let y = firstRow; y < endRow; y++)
    for (const { start, weights } of columns)
      for (let c = 0; c < channels; c++)
        out[at++] = weighted(pixels, (y * width + start) * channels + c, channels, weights)
  return out
}

/** @param line values of a row: its pixels times their channels */
function squeezeRows(pixels: Uint8Array, rows: readonly Taps[], line: number, firstRow: number): Uint8Array {
  const out = new Uint8Array(rows.length * line)
  let at = 0
  for (const { start, weights } of rows)
    for (let x = 0; x < line; x++) out[at++] = weighted(pixels, (start - firstRow) * line + x, line, weights)
  return out
}

/** A weighted sum of pixels that lie `step` bytes apart, rounded and kept within a byte. */
function weighted(pixels: Uint8Array, first: number, step: number, weights: readonly number[]): number {
  let sum = 2 ** (WEIGHT_BITS - 1)
  let at = first
  for (const weight of weights) {
    sum += (pixels[at] ?? 0) * weight
    at += step
  }
  return Math.min(255, Math.max(0, Math.floor(sum / 2 ** WEIGHT_BITS)))
}
