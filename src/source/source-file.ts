/** A text that was read, and what turns its offsets into lines and columns. */
export interface SourceFile {
  /** How reports name the file: a path relative to the project root, or `std/...`. */
  readonly path: string
  readonly text: string
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[]
}

/** A line and column, both counted from 1; columns count UTF-16 code units as editors do. */
interface Position {
  readonly line: number
  readonly column: number
}

/** A source as spans and positions need it; `path` is how reports will name it. */
export function createSourceFile(path: string, text: string): SourceFile {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { path, text, lineStarts }
}

/** The line and column of an offset in UTF-16 code units; one past the end counts to the last line. */
export function positionAt(file: SourceFile, offset: number): Position {
  let low = 0
  let high = file.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 }
}
