import type { Span } from '../source/span.ts'

/** Anything of the syntax tree: a declaration, statement, expression, name, argument... */
export interface SyntaxNode {
  readonly span: Span
}

/** The nodes directly below, in the order of the fields that hold them. Needs no list of kinds to keep in step. */
export function childrenOf(node: object): SyntaxNode[] {
  const fields: unknown[] = Object.values(node)
  return fields.flat().filter(isNode)
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value
}
