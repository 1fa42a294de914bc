import type { Frame } from './context.ts'
import type { Value } from './values.ts'

/** The frame as a turn of a loop sees it: the same names, and messages that say which turn it is. */
export function inTurn(frame: Frame, variable: string, item: Value): Frame {
  const shown = 'value' in item ? String(item.value) : undefined
  if (shown === undefined) return frame
  const turns = [...(frame.trail.turns ?? []), `${variable} = ${shown}`]
  return { ...frame, trail: { ...frame.trail, turns } }
}
