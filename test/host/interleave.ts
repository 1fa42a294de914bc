/** [C, H, W] of floats to H x W x C bytes. */
export function interleave(values: Float32Array, channels = 3): Uint8Array {
  const plane = values.length / channels
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < channels; c++) bytes[channels * i + c] = Math.round(values[c * plane + i] ?? NaN)
  return bytes
}
