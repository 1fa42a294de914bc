import type { IToken } from 'chevrotain'
import { positionAt, type SourceFile } from '../source/source-file.ts'
import type { Declaration } from './ast.ts'

/** Gives each declaration the `///` lines that stand directly above it. */
export function addDocumentation(
  file: SourceFile,
  declarations: readonly Declaration[],
  docs: readonly IToken[],
): Declaration[] {
  const byLine = new Map(
    docs.filter(beginsLine(file)).map((token) => [positionAt(file, token.startOffset).line, token]),
  )
  return declarations.map((declaration) => {
    const above = linesAbove(positionAt(file, declaration.span.start).line, byLine)
    return above.length === 0 ? declaration : { ...declaration, doc: above.map(withoutSlashes).join('\n') }
  })
}

function linesAbove(line: number, byLine: ReadonlyMap<number, IToken>): IToken[] {
  const above: IToken[] = []
  for (let token = byLine.get(--line); token !== undefined; token = byLine.get(--line)) above.push(token)
  return above.reverse()
}

const withoutSlashes = (token: IToken): string => token.image.replace(/^\/\/\/ ?/, '').trimEnd()

const beginsLine =
  (file: SourceFile) =>
  ({ startOffset }: IToken): boolean => {
    const line = file.lineStarts[positionAt(file, startOffset).line - 1] ?? 0
    return file.text.slice(line, startOffset).trim() === ''
  }
