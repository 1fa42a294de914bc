import type { Span } from '../source/span.ts'

/** Anything of the syntax tree: a declaration, statement, expression, name, argument... */
export interface SyntaxNode {
  readonly span: Span
}

/** The nodes directly below, in the order of the fields that hold them. Needs no list of kinds to keep in step. */
export function childrenOf(node: object): SyntaxNode[] {
  const children: SyntaxNode[] = []
  const fields: unknown[] = Object.values(node)
  for (const field of fields) {
    if (isNode(field)) children.push(field)
    else if (Array.isArray(field)) for (const element of field) if (isNode(element)) children.push(element)
  }
  return children
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value
}
