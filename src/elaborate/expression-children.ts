import type { Expression } from '../parser/ast.ts'

/** The parts of an expression that bind no names of their own. */
export function childrenOf(expression: Expression): readonly Expression[] {
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
