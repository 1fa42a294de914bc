import type { SourceFile } from '../../source/source-file.ts'
import { columnsOf, printable } from '../printable.ts'

const TAB = '    '

/** A stretch of a line as it is shown, and where on the screen each of its characters stands. */
export interface ShownLine {
  readonly text: string
  /** Screen column of an offset in the line; offsets that are clipped away map to the nearest edge. */
  readonly columnAt: (offset: number) => number
  /** Offsets in the line of the first character shown and of the one after the last. */
  readonly from: number
  readonly to: number
}

/** Offsets in the file where a line (counted from 1) begins and where its text ends. */
export function lineBounds(file: SourceFile, line: number): { readonly start: number; readonly end: number } {
  const start = file.lineStarts[line - 1] ?? file.text.length
  let end = file.lineStarts[line] ?? file.text.length
  if (end > start && file.text[end - 1] === '\n') end--
  if (end > start && file.text[end - 1] === '\r') end--
  return { start, end }
}

/**
 * Shows a line, or `width` characters of it that begin a little before `focus` (an offset in the line). Only
 * that stretch is ever looked at: a line may be megabytes long.
 */
export function showLine(file: SourceFile, line: number, focus: number, width: number): ShownLine {
  const { start, end } = lineBounds(file, line)
  const length = end - start
  const from =
    length <= width ? 0 : wholeCharacter(file.text, start, Math.max(0, Math.min(focus - 20, length - width)))
  const to = wholeCharacter(file.text, start, Math.min(length, from + width))
  return expand(file.text.slice(start + from, start + to), from, to, to < length)
}

/** Moves an offset that falls inside a surrogate pair to the pair's start. */
function wholeCharacter(text: string, lineStart: number, offset: number): number {
  const code = text.charCodeAt(lineStart + offset)
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset
}

function expand(raw: string, from: number, to: number, cut: boolean): ShownLine {
  let text = from > 0 ? '…' : ''
  let column = text.length
  const columns: number[] = []
  for (const character of raw) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column)
    const shown = character === '\t' ? TAB : printable(character)
    text += shown
    column += character === '\t' ? TAB.length : columnsOf(shown)
  }
  columns.push(column)
  const columnAt = (offset: number): number => columns[Math.max(0, Math.min(offset, to) - from)] ?? column
  return { text: text + (cut ? '…' : ''), columnAt, from, to }
}
