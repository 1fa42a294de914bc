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
export interface Window extends Size {
  readonly left: number
  readonly top: number
}
