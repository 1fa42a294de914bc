import type { Picture, Size } from './picture.ts'

/** Where a picture goes: the network's input, and the place of the picture's corner in it. */
export interface Place {
  readonly size: Size
  readonly left: number
  readonly top: number
}

/** Colour planes [C, H, W] of (value / 255 - mean) / std; what the picture does not reach is black. */
export function normalize(
  picture: Picture,
  { size, left, top }: Place,
  mean: readonly number[],
  std: readonly number[],
): Float32Array {
  const plane = size.width * size.height
  const values = new Float32Array(picture.channels * plane)
  for (let c = 0; c < picture.channels; c++) {
    const table = normalized(mean[c] ?? 0, std[c] ?? 1)
    values.fill(table[0] ?? 0, c * plane, (c + 1) * plane)
    for (let y = 0; y < picture.height; y++) {
      const row = c * plane + (top + y) * size.width + left
      for (let x = 0; x < picture.width; x++)
        values[row + x] = table[picture.pixels[picture.channels * (y * picture.width + x) + c] ?? 0] ?? 0
    }
  }
  return values
}

/** What each of the 256 values of a pixel becomes. */
const normalized = (mean: number, std: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / std)
