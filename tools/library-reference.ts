/** Writes docs/library.md from the files of specs/std: `npx vitest run test/docs/library.test.ts -u`. */
import type { Block, ParameterDeclaration } from '../src/parser/ast.ts'
import { parse } from '../src/parser/parse.ts'
import { createSourceFile } from '../src/source/source-file.ts'
import type { SourceHost } from '../src/project/load.ts'

/** The whole page, for a host over the library. */
export function libraryReference(host: SourceHost): string {
  const files = [...host.library()].sort()
  return `${[introduction, ...files.map((path) => fileSection(path, host.read(path) ?? ''))].join('\n\n')}\n`
}

const introduction = `# The library

The blocks that come with archc, to be imported from \`"std/..."\`. They are written in the language and short: read them in
\`specs/std\`. This page is generated from them. The first input of each is what flows in.`

function fileSection(path: string, text: string): string {
  const { module } = parse(createSourceFile(path, text))
  const blocks = module.declarations.flatMap((one) => (one.kind === 'block' ? [one] : []))
  return [`## ${path.replace(/\.arch$/, '')}`, ...blocks.flatMap(blockSection)].join('\n\n')
}

const blockSection = (block: Block): string[] => [
  `### ${block.name.text}`,
  `\`\`\`\n${signature(block)}\n\`\`\``,
  ...(block.doc === undefined ? [] : [block.doc.trim()]),
]

function signature({ name, parameters }: Block): string {
  const texts = parameters.map(textOf)
  const line = `${name.text}(${texts.join(', ')})`
  return line.length <= 100 ? line : `${name.text}(\n${texts.map((text) => `  ${text},`).join('\n')}\n)`
}

const textOf = ({ span: { file, start, end } }: ParameterDeclaration): string =>
  file.text.slice(start, end).replace(/\s+/g, ' ')
