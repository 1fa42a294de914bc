/** Pixels of 8 bits a channel: red, green, blue, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
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
