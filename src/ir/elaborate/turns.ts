import type { Frame } from './context.ts'
import type { Value } from './values.ts'

/** The frame as a turn of a loop sees it: the same names, and messages that say which turn it is. */
export function inTurn(frame: Frame, variable: string, item: Value): Frame {
  if (!('value' in item)) return frame
  const turn = { variable, item: item.value, outer: frame.trail.turn }
  return { ...frame, trail: { ...frame.trail, turn } }
}
