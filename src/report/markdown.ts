import type { Analysis } from '../analysis/analysis.ts'
import { printable } from '../diagnostics/printable.ts'
import {
  type Fact,
  type Section,
  memorySection,
  networkSection,
  runText,
  titleText,
  throughputSections,
} from './facts.ts'
import { textOf, type Column, type Table } from './table.ts'
import { legendOf, stageTable } from './tables.ts'

/** The summary and the table of the parts, in GitHub-flavoured Markdown. */
export function analysisMarkdown(analysis: Analysis): string {
  const sections = [networkSection(analysis), ...throughputSections(analysis), memorySection(analysis)]
  const blocks = [
    `## ${escaped(titleText(analysis))}`,
    escaped(runText(analysis)),
    ...sections.map(sectionMarkdown),
    tableMarkdown(stageTable(analysis)),
    escaped(legendOf(analysis)),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** A table without a heading of its columns: GitHub wants one, so the section's title is it. */
const sectionMarkdown = ({ title, facts }: Section): string =>
  [[title, '', ''].map(escaped), [':---', '---:', ':---'], ...facts.map(factRow)].map(rowMarkdown).join('\n')

const factRow = ({ label, number, unit, note }: Fact): string[] => [
  escaped(label),
  `**${escaped(unit === '' ? number : `${number} ${unit}`)}**`,
  escaped(note),
]

/** Groups of columns become the beginnings of their titles: `MACs, G`. */
export function tableMarkdown({ columns, rows, footer }: Table): string {
  const texts = rows.map((row) => row.map((cell) => escaped(textOf(cell))))
  const total = footer?.map((cell) => (textOf(cell) === '' ? '' : `**${escaped(textOf(cell))}**`))
  return [
    columns.map(titleOf),
    columns.map(({ align }) => (align === 'right' ? '---:' : ':---')),
    ...texts,
    ...(total === undefined ? [] : [total]),
  ]
    .map(rowMarkdown)
    .join('\n')
}

const rowMarkdown = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const titleOf = ({ title, group }: Column): string =>
  escaped(group === undefined ? title : `${group}, ${title}`)

/**
 * What could begin markup: HTML, cells, code, emphasis, links, mathematics; and what GitHub makes links of without any:
 * addresses, people, issues. An underscore within a word does nothing.
 */
const ACTIVE = /[&<>|`*[\]\\#@~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=\/\/)|(?<=www)\./giu

/** Text that Markdown shows as it is: entities never act as markup, not even in a table's row. */
export const escaped = (text: string): string =>
  printable(text).replace(ACTIVE, (character) => `&#${character.codePointAt(0) ?? 0};`)
