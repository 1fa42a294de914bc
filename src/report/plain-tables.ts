import { printable } from '../diagnostics/printable.ts'

/** Lines of a CSV file (RFC 4180, but with the newline of the system that archc is written for). */
export const csvText = (rows: readonly (readonly string[])[]): string => rows.map(csvLine).join('')

export const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\n`

/** Spreadsheets take what begins with one of these for a formula; a blank before it keeps it a text. */
const FORMULA = /^[=@+\t\r]|^-(?![\d.])/

function csvField(text: string): string {
  const safe = FORMULA.test(text) ? ` ${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export interface MarkdownColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** A table of GitHub's Markdown. */
export const markdownTable = (
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string[] => [
  markdownRow(columns.map(({ title }) => title)),
  markdownRow(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
  ...rows.map(markdownRow),
]

const markdownRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.trim()).join(' | ')} |`

/** Text that a Markdown page shows as it is. */
export const markdownText = (text: string): string => printable(text).replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&')
