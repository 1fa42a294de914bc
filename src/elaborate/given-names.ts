import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Declaration, Expression, Module, Name, Stage, Statement } from '../parser/ast.ts'
import { childrenOf, type SyntaxNode } from '../parser/walk.ts'

/**
 * The names that a stage's line gives to the repetition's number, to the count of repetitions, and to the tensor
 * that enters. A declaration of the same name would be hidden there, and the network would silently be another one.
 */
const givenNames = ['i', 'n', 'x'] as const
type GivenName = (typeof givenNames)[number]

/** What declares a name, as messages call it. */
type DeclarationForm =
  'parameter' | 'value' | 'loop variable' | 'stage' | 'list variable' | 'block' | 'import'

const isGiven = (name: string): name is GivenName => givenNames.some((given) => given === name)

/** Mistakes in one block or network: each name that it must not declare once, at its first declaration. */
export function givenNamesOf(declaration: Declaration): readonly Diagnostic[] {
  if (declaration.kind === 'variant') return []
  const found = new Finder(declaration, declaration.kind === 'block' ? 'block' : 'network')
  const parameters = declaration.parameters.map(({ name }) => name)
  // A block's `i` and `n` are its own: no stage stands within it. Its `x` is what flows in.
  if (declaration.kind === 'block')
    found.names(
      parameters.filter(({ text }) => text === 'x'),
      'parameter',
    )
  else {
    found.names(parameters, 'parameter')
    found.statements(declaration.body)
  }
  return found.diagnostics
}

/** Blocks and imports of a file that the lines of its stages would hide. Networks are no values: nothing hides them. */
export function hiddenDeclarations(module: Module): readonly Diagnostic[] {
  const { declarations, imports } = module
  if (!declarations.some((one) => one.kind === 'network' && hasStage(one.body))) return []
  const found = new Finder(module, 'file')
  for (const { names } of imports) found.names(names, 'import')
  found.names(
    declarations.flatMap((one) => (one.kind === 'block' ? [one.name] : [])),
    'block',
  )
  return found.diagnostics
}

function hasStage(statements: readonly Statement[]): boolean {
  return statements.some((one) => {
    if (one.kind === 'if') return hasStage(one.then) || hasStage(one.else ?? [])
    return one.kind === 'stage' || (one.kind === 'for' && hasStage(one.body))
  })
}

class Finder {
  readonly diagnostics: Diagnostic[] = []
  private readonly seen = new Set<string>()

  constructor(
    private readonly whole: SyntaxNode,
    private readonly place: 'network' | 'block' | 'file',
  ) {}

  names(names: readonly Name[], form: DeclarationForm): void {
    for (const { text, span } of names) {
      if (!isGiven(text) || this.seen.has(text)) continue
      this.seen.add(text)
      const facts = { name: text, form, place: this.place, free: this.freeName(text) }
      this.diagnostics.push(diagnose('E0225', span, facts))
    }
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (statement.kind === 'bind') this.names(statement.targets, 'value')
      else if (statement.kind === 'stage') this.stage(statement)
      else if (statement.kind === 'for') {
        this.names([statement.variable], 'loop variable')
        this.statements(statement.body)
      } else if (statement.kind === 'if') {
        this.statements(statement.then)
        this.statements(statement.else ?? [])
      }
    }
  }

  private stage({ name, lines }: Stage): void {
    this.names([name], 'stage')
    for (const { block, withs } of lines) {
      this.lists(block)
      for (const { module, condition } of withs) {
        this.lists(module)
        if (condition !== undefined) this.lists(condition)
      }
    }
  }

  /** The variables of computed lists in a stage's line: there, and nowhere else, they meet the stage's own names. */
  private lists(expression: Expression): void {
    const pending: SyntaxNode[] = [expression]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const { kind, variable } = node as Partial<Extract<Expression, { kind: 'comprehension' }>>
      if (kind === 'comprehension' && variable !== undefined) this.names([variable], 'list variable')
      for (const child of childrenOf(node)) pending.push(child)
    }
  }

  /** A name to use instead that the text does not have yet. */
  private freeName(name: GivenName): string {
    const { file, start, end } = this.whole.span
    const taken = new Set(file.text.slice(start, end).match(/[A-Za-z_]\w*/g))
    const found = proposals[name].find((proposal) => !taken.has(proposal))
    return found ?? `${name}_own`
  }
}

const proposals: Record<GivenName, readonly string[]> = {
  i: ['k', 'index', 'turn'],
  n: ['count', 'number', 'depth'],
  x: ['y', 'value', 'tensor'],
}
