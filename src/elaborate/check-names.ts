import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type {
  Argument,
  Declaration,
  Expression,
  Module,
  Name,
  ParameterDeclaration,
  Stage,
  Statement,
} from '../parser/ast.ts'
import { operandsOf } from '../parser/walk.ts'
import type { Span } from '../source/span.ts'
import { builtinKind, builtinNames } from './helpers.ts'
import { givenNamesOf } from './given-names.ts'
import type { Declared, ModuleScope } from './scopes.ts'

/** What a declaration's text refers to, and what is wrong with its names. */
export interface NameCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** Other declarations by the place of their first mention. */
  readonly references: ReadonlyMap<Declared, Span>
}

/**
 * Checks every name of a declaration, whether or not a network ever uses it; reports `most` mistakes at most.
 * @param ofVariants unknown names that variants of the same file were blamed for: a family is one declaration
 */
export function checkNames(
  { declaration, scope }: Declared,
  most: number,
  ofVariants = new Set<string>(),
): NameCheck {
  const unknown = declaration.kind === 'variant' ? ofVariants : new Set<string>()
  const checker = new NameChecker(scope, most, namesUnread(scope.module, declaration), unknown)
  checker.declaration(declaration)
  checker.diagnostics.push(...givenNamesOf(declaration).slice(0, most - checker.diagnostics.length))
  return checker
}

/** Names in what the parser could not read of a declaration: each may be a parameter or a value that is bound there. */
function namesUnread({ file, unread = [] }: Module, { span }: Declaration): ReadonlySet<string> {
  const within = unread.filter(({ start, end }) => start < span.end && end > span.start)
  return new Set(within.flatMap(({ start, end }) => file.text.slice(start, end).match(NAMES) ?? []))
}

const NAMES = /[A-Za-z_]\w*/g

class NameChecker implements NameCheck {
  readonly diagnostics: Diagnostic[] = []
  readonly references = new Map<Declared, Span>()
  private readonly local = new Set<string>()
  /** What the statement binds whose value is being checked. */
  private binding: readonly Name[] = []

  constructor(
    private readonly scope: ModuleScope,
    private readonly most: number,
    private readonly unread: ReadonlySet<string>,
    /** Unknown names that were reported: however often one is used, it is one mistake. */
    private readonly unknown: Set<string>,
  ) {}

  declaration(declaration: Declaration): void {
    if (declaration.kind === 'variant') {
      this.base(declaration.base)
      this.arguments(declaration.arguments)
      return
    }
    this.parameters(declaration.parameters)
    this.local.add('x')
    this.statements(declaration.body)
  }

  /** What a variant varies: a network, or another variant. */
  private base({ text, span }: Name): void {
    const declared = this.scope.names.get(text)
    const what = declared?.declaration.kind === 'block' ? 'block' : builtinKind(text)
    if (declared?.declaration.kind !== 'block' && (declared !== undefined || what === undefined))
      this.mention(text, span, networksOf(this.scope))
    else if (what !== undefined && this.diagnostics.length < this.most)
      this.diagnostics.push(diagnose('E0540', span, { name: text, what }))
  }

  private parameters(parameters: readonly ParameterDeclaration[]): void {
    for (const { name, default: value } of parameters) {
      if (value !== undefined) this.expression(value)
      if (this.local.has(name.text) && this.diagnostics.length < this.most)
        this.diagnostics.push(diagnose('E0203', name.span, { name: name.text, what: 'parameter' }))
      this.local.add(name.text)
    }
  }

  private statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement)
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'input':
        return statement.dimensions.forEach((size) => this.expression(size))
      case 'metadata':
        return this.arguments(statement.arguments)
      case 'bind':
        this.binding = statement.targets
        this.expression(statement.value)
        this.binding = []
        return this.bind(statement.targets)
      case 'stage':
        return this.stage(statement)
      case 'if':
        this.expression(statement.condition)
        this.statements(statement.then)
        return this.statements(statement.else ?? [])
      case 'for':
        this.expression(statement.over)
        this.bind([statement.variable])
        return this.statements(statement.body)
      case 'assert':
        this.expression(statement.condition)
        if (statement.message !== undefined) this.expression(statement.message)
        return
      case 'return':
        return statement.values.forEach((value) => this.expression(value))
    }
  }

  private stage({ name, lines }: Stage): void {
    for (const { block, count, stride, withs } of lines) {
      if (count !== undefined) this.expression(count)
      if (stride !== undefined) this.expression(stride)
      this.within(['i', 'n'], () => {
        this.expression(block)
        for (const { module, condition } of withs) {
          this.expression(module)
          if (condition !== undefined) this.expression(condition)
        }
      })
    }
    this.bind([name])
  }

  private bind(names: readonly Name[]): void {
    for (const { text } of names) this.local.add(text)
  }

  private within(names: readonly string[], check: () => void): void {
    const added = names.filter((name) => !this.local.has(name))
    for (const name of added) this.local.add(name)
    check()
    for (const name of added) this.local.delete(name)
  }

  private arguments(given: readonly Argument[]): void {
    for (const { value } of given) this.expression(value)
  }

  private expression(expression: Expression): void {
    switch (expression.kind) {
      case 'name':
        return this.mention(expression.text, expression.span)
      case 'comprehension':
        this.expression(expression.over)
        return this.within([expression.variable.text], () => {
          if (expression.condition !== undefined) this.expression(expression.condition)
          this.expression(expression.element)
        })
      case 'call':
        this.expression(expression.callee)
        return this.arguments(expression.arguments)
      default:
        for (const child of operandsOf(expression)) this.expression(child)
    }
  }

  private mention(name: string, span: Span, candidates?: readonly string[]): void {
    if (this.local.has(name) || this.diagnostics.length >= this.most) return
    const declared = this.scope.names.get(name)
    if (declared !== undefined) {
      if (!this.references.has(declared)) this.references.set(declared, span)
    } else if (!builtinNames.has(name) && !this.unknown.has(name) && !this.mayBeKnown(name)) {
      this.unknown.add(name)
      const known = candidates ?? [...this.local, ...this.scope.names.keys(), ...builtinNames]
      const isOwn = this.binding.some(({ text }) => text === name)
      this.diagnostics.push(diagnose('E0201', span, { name, nearest: nearest(name, known), isOwn }))
    }
  }

  /** A failed import, or what the parser gave up on: the name's mistake was reported there. */
  private mayBeKnown(name: string): boolean {
    const { lost, imported } = this.scope
    return lost.has(name) || this.unread.has(name) || imported.has(name)
  }
}

const networksOf = ({ names }: ModuleScope): readonly string[] =>
  [...names].flatMap(([name, { declaration }]) => (declaration.kind === 'block' ? [] : [name]))
