import { tapsOf, WEIGHT_BITS, type Filter, type Taps } from './filter.ts'
import type { Picture, Size, Window } from './picture.ts'

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
