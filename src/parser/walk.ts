import type { Span } from '../source/span.ts'
import type { Expression } from './ast.ts'

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

/**
 * The expressions directly below one that neither binds a name nor calls anything. It goes by the kind, since the checks of
 * names look at every expression of the library at each start: looking through all fields would take several times as long.
 */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items
    case 'member':
      return [expression.object]
    case 'index':
      return [expression.object, expression.index]
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'range':
      return [expression.start, expression.end]
    case 'choice':
      return [expression.condition, expression.then, expression.else]
    case 'pipe':
      return [expression.left, expression.step]
    case 'as':
      return [expression.value]
    default:
      return []
  }
}
