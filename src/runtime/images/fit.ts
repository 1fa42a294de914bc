import type { Size, Window } from './picture.ts'

/** What a picture is resized to before its centre is cut out: its shorter side, or [height, width] that it has to cover. */
export type Resize = number | readonly [height: number, width: number]

/** How a picture is resized, and what of the result the network sees. */
export interface Fit {
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
