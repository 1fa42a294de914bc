import type { Size, Window } from './picture.ts'

/** How a picture is resized, and which part of the result the network sees. */
export interface Fit {
  readonly target: Size
  readonly window: Window
}

/**
 * The shorter side becomes `resize` pixels, and the centre is kept: torchvision's Resize and CenterCrop, with their
 * rounding. Where the result would not cover the crop, it is enlarged until it does.
 */
export function fitPicture(picture: Size, resize: number, crop: Size): Fit {
  const first = scaleShorter(picture, Math.max(1, Math.round(resize)))
  const lack = Math.max(1, crop.width / first.width, crop.height / first.height)
  const target = lack === 1 ? first : cover(scaleShorter(picture, Math.ceil(shorter(first) * lack)), crop)
  const left = roundHalfEven((target.width - crop.width) / 2)
  const top = roundHalfEven((target.height - crop.height) / 2)
  return { target, window: { ...crop, left, top } }
}

const shorter = ({ width, height }: Size): number => Math.min(width, height)

function scaleShorter({ width, height }: Size, side: number): Size {
  const longer = Math.trunc((side * Math.max(width, height)) / Math.min(width, height))
  return width <= height ? { width: side, height: longer } : { width: longer, height: side }
}

/** Rounding down the longer side may leave it short by a pixel. */
const cover = (size: Size, crop: Size): Size => ({
  width: Math.max(size.width, crop.width),
  height: Math.max(size.height, crop.height),
})

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
