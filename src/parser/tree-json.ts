import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Module } from './ast.ts'

/** The fields of the syntax tree that hold spans. */
const SPAN_FIELDS = ['span', 'fromSpan']

/** A syntax tree as JSON: spans become [start, end], and the file is left to whoever reads it. */
export const treeToJson = (module: Module): string =>
  JSON.stringify(module, (key, value: unknown) => {
    if (key === 'file') return undefined
    return SPAN_FIELDS.includes(key) && isSpan(value) ? [value.start, value.end] : value
  })

/**
 * The syntax tree that `treeToJson` wrote of exactly this file. It trusts its input: only for trees that were made
 * with archc itself.
 */
export function treeFromJson(text: string, file: SourceFile): Module {
  const tree: unknown = JSON.parse(text)
  restoreSpans(tree, file)
  // What `treeToJson` writes of a module is one again, with its file.
  return Object.assign(tree as Omit<Module, 'file'>, { file })
}

function restoreSpans(node: unknown, file: SourceFile): void {
  if (typeof node !== 'object' || node === null) return
  const fields = node as Record<string, unknown>
  for (const key in fields) {
    const value = fields[key]
    if (SPAN_FIELDS.includes(key) && Array.isArray(value)) {
      const [start, end] = value as [number, number]
      fields[key] = { file, start, end } satisfies Span
    } else restoreSpans(value, file)
  }
}

const isSpan = (value: unknown): value is Span =>
  typeof value === 'object' && value !== null && 'start' in value
