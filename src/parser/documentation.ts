import type { IToken } from 'chevrotain'
import { positionAt, type SourceFile } from '../source/source-file.ts'
import type { Declaration } from './ast.ts'

/** Gives each declaration the `///` lines that stand directly above it, with comments among them or not. */
export function addDocumentation(
  file: SourceFile,
  declarations: readonly Declaration[],
  docs: readonly IToken[],
): Declaration[] {
  const byLine = new Map(
    docs
      .filter(({ startOffset }) => beginsLine(file, startOffset))
      .map((token) => [positionAt(file, token.startOffset).line, token]),
  )
  return declarations.map((declaration) => {
    // Only the first of a line, or many on one line under many comments would take forever.
    if (!beginsLine(file, declaration.span.start)) return declaration
    const above = linesAbove(file, positionAt(file, declaration.span.start).line, byLine)
    return above.length === 0 ? declaration : { ...declaration, doc: above.map(withoutSlashes).join('\n') }
  })
}

function linesAbove(file: SourceFile, line: number, byLine: ReadonlyMap<number, IToken>): IToken[] {
  const above: IToken[] = []
  for (let at = line - 1; byLine.has(at) || isComment(file, at); at--) {
    const token = byLine.get(at)
    if (token !== undefined) above.push(token)
  }
  return above.reverse()
}

const isComment = ({ text, lineStarts }: SourceFile, line: number): boolean =>
  /^[ \t]*#/.test(text.slice(lineStarts[line - 1] ?? text.length, lineStarts[line]))

const withoutSlashes = (token: IToken): string => token.image.replace(/^\/\/\/ ?/, '').trimEnd()

function beginsLine(file: SourceFile, offset: number): boolean {
  const line = file.lineStarts[positionAt(file, offset).line - 1] ?? 0
  return file.text.slice(line, offset).trim() === ''
}
