import { clipMiddle, printable } from '../diagnostics/printable.ts'

const NAME_LIMIT = 120
const RANK_LIMIT = 8

/** A name from a file as a message may show it: no control characters, and not endless. */
export const readableName = (name: string): string => printable(clipMiddle(name, NAME_LIMIT))

/** `[64, 3, 7, 7]`, as PyTorch and numpy write a shape. */
export function readableShape(shape: readonly number[]): string {
  const shown = shape.slice(0, RANK_LIMIT).join(', ')
  return shape.length > RANK_LIMIT ? `[${shown}, ...]` : `[${shown}]`
}
