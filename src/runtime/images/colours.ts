import type { Picture, Size } from './picture.ts'

/**
 * Red, green and blue from cyan, magenta, yellow and black, as Pillow's `convert('RGB')` computes them (`cmyk2rgb` in
 * its Convert.c). A colour profile plays no part, since Pillow converts without one. The result lies in the same memory.
 */
export function cmykToRgb(inks: Uint8Array, { width, height }: Size): Picture {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const light = 255 - (inks[4 * i + 3] ?? 0)
    // Three values are written where four were read, so that nothing is overwritten before it is read.
    for (let c = 0; c < 3; c++) inks[3 * i + c] = light - productOver255(inks[4 * i + c] ?? 0, light)
  }
  return { width, height, channels: 3, pixels: inks.subarray(0, 3 * count) }
}

/** `a * b / 255`, rounded, in whole numbers (Pillow's `MULDIV255`). */
function productOver255(a: number, b: number): number {
  const product = a * b + 128
  return ((product >> 8) + product) >> 8
}

/** Grey as Pillow's `convert('L')` computes it (ITU-R 601-2, in 16 bits). The result lies in the same memory. */
export function toGrey({ width, height, pixels }: Picture): Picture {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const [red = 0, green = 0, blue = 0] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]]
    pixels[i] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
  }
  return { width, height, channels: 1, pixels: pixels.subarray(0, count) }
}

/**
 * Grey of 16 bits as Pillow's `convert('RGB')` gives it: what is above 255 becomes 255. Only greys without a channel of
 * alpha are so; Pillow reads all other pictures of 16 bits by their upper 8.
 * @param step how many values a pixel has, grey first
 */
export function cutGrey(values: Uint16Array, step: number, { width, height }: Size): Picture {
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) pixels.fill(Math.min(255, values[i * step] ?? 0), 3 * i, 3 * i + 3)
  return { width, height, channels: 3, pixels }
}
