import { Canvas } from './canvas.ts'
import type { Role } from './style.ts'

/** A stretch of a shown line in screen columns. */
export interface Underline {
  readonly start: number
  readonly end: number
  readonly primary: boolean
  readonly text: string
}

/**
 * Draws below a line its underlines and their texts, as rustc does: the rightmost text stands beside its
 * underline, the others hang below theirs, from right to left.
 */
export function drawUnderlines(underlines: readonly Underline[], primaryRole: Role): Canvas {
  const canvas = new Canvas()
  const roleOf = (underline: Underline): Role => (underline.primary ? primaryRole : 'label')
  for (const underline of [...underlines].sort((a, b) => Number(a.primary) - Number(b.primary))) {
    canvas.fill(0, underline.start, underline.end, underline.primary ? '^' : '-', roleOf(underline))
  }
  const hanging = underlines.filter(({ text }) => text !== '').sort((a, b) => a.start - b.start)
  const last = hanging.at(-1)
  if (last !== undefined && underlines.every(({ end }) => end <= last.end)) {
    canvas.write(0, last.end, ` ${last.text}`, roleOf(last))
    hanging.pop()
  }
  hangTexts(canvas, hanging, roleOf)
  return canvas
}

function hangTexts(canvas: Canvas, hanging: Underline[], roleOf: (underline: Underline) => Role): void {
  if (hanging.length === 0) return
  for (const { start } of hanging) canvas.fill(1, start, start + 1, '|', 'label')
  for (let row = 2; ; row++) {
    const next = hanging.pop()
    if (next === undefined) return
    for (const { start } of hanging) canvas.fill(row, start, start + 1, '|', 'label')
    canvas.write(row, next.start, next.text, roleOf(next))
  }
}
