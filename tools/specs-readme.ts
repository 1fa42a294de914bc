/** Writes specs/README.md from the networks of specs/networks: `npx vitest run test/docs/specs-readme.test.ts -u`. */
import { analyze } from '../src/analysis/analyze.ts'
import type { Graph } from '../src/ir/graph.ts'
import type { Declaration, Module } from '../src/parser/ast.ts'
import { exact, joined, quantity } from '../src/report/units.ts'
import { positionAt } from '../src/source/source-file.ts'
import type { Span } from '../src/source/span.ts'

/** A network of the library. */
export interface Listed {
  readonly name: string
  /** Relative to specs/. */
  readonly file: string
  readonly module: Module
  readonly graph: Graph
}

/** The whole page. */
export function specsReadme(networks: readonly Listed[]): string {
  const files = [...new Set(networks.map(({ file }) => file))].sort()
  const sections = files.map((file) =>
    section(
      file,
      networks.filter((each) => each.file === file),
    ),
  )
  return `${[introduction(networks.length), ...sections].join('\n\n')}\n`
}

const introduction = (count: number): string => `# The networks

The ${count} networks that come with archc: \`archc analyze NAME\`, \`archc ir NAME\`. They are made of the blocks in
\`std/\`, which [docs/library.md](../docs/library.md) describes; \`names/\` says what official checkpoints call their parameters.

Parameters and MACs (multiply-accumulates of convolutions and linear layers, for one image of the given size) are those of the
official code, in the form that a network trains in. Lines are what the network's file says for it: imports, blocks of its own,
the network and, for a variant, the one it varies, without comments and empty lines. This page is generated from the sources.`

const section = (file: string, networks: readonly Listed[]): string =>
  [
    `## [${file.replace(/^.*\/|\.arch$/g, '')}](${file})`,
    [
      '| network | paper | input | parameters | MACs | lines |',
      '| --- | --- | --- | ---: | ---: | ---: |',
      ...networks.map(row),
    ].join('\n'),
  ].join('\n\n')

function row(listed: Listed): string {
  const { parameters, macs, input } = analyze(listed.graph)
  const cells = [
    listed.name,
    paperOf(listed.graph),
    input.join(' x '),
    exact(parameters),
    joined(quantity(macs, '')),
  ]
  return `| ${[...cells, ownLines(listed)].join(' | ')} |`
}

/** The first `(AUTHORS, YEAR, arXiv:NUMBER` of the documentation, else the paper of the metadata. */
function paperOf({ doc = '', metadata }: Graph): string {
  const [, authors, number] = /\(([^():]+,\s\d{4}),\sarXiv:([\d.]+\d)/.exec(doc) ?? []
  if (authors !== undefined) return `[${authors.replaceAll('\n', ' ')}](https://arxiv.org/abs/${number})`
  return metadata.paper ?? ''
}

/** How many lines a network takes besides what it imports. */
export function ownLines({ name, module }: Pick<Listed, 'name' | 'module'>): number {
  const blocks = module.declarations.filter(({ kind }) => kind === 'block')
  const spans = [...module.imports, ...blocks, ...lineage(name, module)].map(({ span }) => span)
  return spans.reduce((sum, span) => sum + linesOf(span), 0)
}

/** A network, or a variant and what it varies. */
function lineage(name: string, module: Module): readonly Declaration[] {
  const found = module.declarations.find((declaration) => declaration.name.text === name)
  if (found === undefined) throw new Error(`${module.file.path} declares no ${name}`)
  return found.kind === 'variant' ? [found, ...lineage(found.base.text, module)] : [found]
}

function linesOf({ file, start, end }: Span): number {
  const lines = file.text.split('\n').slice(positionAt(file, start).line - 1, positionAt(file, end).line)
  return lines.filter((line) => !/^\s*(#|\/\/\/|$)/.test(line)).length
}
