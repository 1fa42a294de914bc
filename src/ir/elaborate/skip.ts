import type { Statement } from '../../parser/ast.ts'
import type { Context, Frame } from './context.ts'
import { isPart } from './parts.ts'
import { poison, type Value } from './values.ts'

/**
 * Passes over statements of which nobody knows whether they would have run, because their condition or their
 * list is mistaken. What they might have bound is poison, so that its uses stay silent; so is what they might
 * have returned.
 */
export function skip(
  context: Context,
  frame: Frame,
  statements: readonly Statement[],
): readonly Value[] | undefined {
  let returned: readonly Value[] | undefined
  for (const statement of statements) {
    context.step(statement.span)
    for (const name of namesOf(statement)) frame.variables.set(name, poison)
    if (frame.kind === 'network' && setsRunningTensor(statement)) frame.variables.set('x', poison)
    returned = (statement.kind === 'return' ? [poison] : skip(context, frame, bodyOf(statement))) ?? returned
  }
  return returned
}

function namesOf(statement: Statement): readonly string[] {
  if (statement.kind === 'bind') return statement.targets.map(({ text }) => text)
  if (statement.kind === 'stage') return [statement.name.text]
  return statement.kind === 'for' ? [statement.variable.text] : []
}

const setsRunningTensor = (statement: Statement): boolean =>
  statement.kind === 'input' || statement.kind === 'stage' || (statement.kind === 'bind' && isPart(statement))

function bodyOf(statement: Statement): readonly Statement[] {
  if (statement.kind === 'for') return statement.body
  return statement.kind === 'if' ? [...statement.then, ...(statement.else ?? [])] : []
}
