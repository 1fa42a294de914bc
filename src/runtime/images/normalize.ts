import type { Picture } from './picture.ts'

/** Colour planes [3, H, W] of (value / 255 - mean) / std. */
export function normalize(
  { width, height, pixels }: Picture,
  mean: readonly number[],
  std: readonly number[],
): Float32Array {
  const plane = width * height
  const values = new Float32Array(3 * plane)
  for (let c = 0; c < 3; c++) {
    const shift = mean[c] ?? 0
    const scale = std[c] ?? 1
    for (let i = 0; i < plane; i++) values[c * plane + i] = ((pixels[3 * i + c] ?? 0) / 255 - shift) / scale
  }
  return values
}
