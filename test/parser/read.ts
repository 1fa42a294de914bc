import { createSourceFile } from '../../src/source/source-file.ts'
import { parse, parseExpression, type ParseResult } from '../../src/parser/parse.ts'
import type { Declaration, Expression, Statement } from '../../src/parser/ast.ts'

export const parseText = (text: string): ParseResult => parse(createSourceFile('test.arch', text))

/** The declarations of a text that must have no mistakes. */
export function declarationsOf(text: string): readonly Declaration[] {
  const { module, diagnostics } = parseText(text)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return module.declarations
}

/** The statements of a body that must have no mistakes. */
export function statementsOf(body: string): readonly Statement[] {
  const [block] = declarationsOf(`block b() {\n${body}\n}`)
  if (block?.kind !== 'block') throw new Error('no block')
  return block.body
}

export function expressionOf(text: string): Expression {
  const { expression, diagnostics } = parseExpression(createSourceFile('--set', text))
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return expression
}

/** An expression with all brackets written out: shows how operators bind. */
export function shape(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value)
    case 'string':
      return JSON.stringify(e.value)
    case 'boolean':
      return String(e.value)
    case 'name':
      return e.text
    case 'list':
      return `[${e.items.map(shape).join(', ')}]`
    case 'comprehension':
      return `[for ${e.variable.text} in ${shape(e.over)}${e.condition ? ` if ${shape(e.condition)}` : ''}: ${shape(e.element)}]`
    case 'member':
      return `${shape(e.object)}.${e.name.text}`
    case 'index':
      return `${shape(e.object)}[${shape(e.index)}]`
    case 'call':
      return `${shape(e.callee)}(${e.arguments.map((a) => (a.name ? `${a.name.text}: ` : '') + shape(a.value)).join(', ')})`
    case 'unary':
      return `(${e.operator} ${shape(e.operand)})`
    case 'binary':
      return `(${shape(e.left)} ${e.operator} ${shape(e.right)})`
    case 'range':
      return `(${shape(e.start)} .. ${shape(e.end)})`
    case 'choice':
      return `if ${shape(e.condition)} {${shape(e.then)}} else {${shape(e.else)}}`
    case 'pipe':
      return `(${shape(e.left)} -> ${shape(e.step)})`
    case 'slot':
      return `slot ${e.name.text}`
    case 'as':
      return `(${shape(e.value)} as ${e.name.text})`
    case 'missing':
      return '?'
  }
}
