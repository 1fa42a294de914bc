import type { Part } from '../ir/graph.ts'
import type {
  Bind,
  Declaration,
  Expression,
  Name,
  ParameterDeclaration,
  Stage,
  Statement,
} from '../parser/ast.ts'
import { operandsOf } from '../parser/walk.ts'
import type { Span } from '../source/span.ts'

/**
 * How a text reads what a name was bound to: as a whole, for its size alone, or one item of a list.
 * All paths count, taken or not.
 */
export type Reading = 'whole' | 'size' | number

/** Items beyond are read as a whole: nobody writes so many one by one. */
const MOST_ITEMS = 64

/** What a name may hold at a place of the text: one binding, or one of several where paths meet. */
class Version {
  readonly readings = new Set<Reading>()
  private readonly from: Version[] = []

  /**
   * @param isTensor whether it is a tensor or a list of tensors for certain
   * @param mayWait whether it may be an operator or a block, to which a pipeline would give `x`
   */
  constructor(
    readonly isTensor: boolean,
    readonly mayWait: boolean,
  ) {}

  meet(other: Version): void {
    this.from.push(other)
    for (const reading of this.readings) other.read(reading)
  }

  read(reading: Reading): void {
    const pending: Version[] = [this]
    for (let version = pending.pop(); version !== undefined; version = pending.pop()) {
      const { readings } = version
      const noted = readings.size < MOST_ITEMS ? reading : 'whole'
      if (readings.has('whole') || readings.has(noted)) continue
      readings.add(noted)
      pending.push(...version.from)
    }
  }
}

/** One of several versions; a name without a value on a path has none there. */
function meeting(versions: readonly (Version | undefined)[]): Version | undefined {
  const [first, ...others] = [...new Set(versions)].filter((version) => version !== undefined)
  if (first === undefined || others.length === 0) return first
  const all = [first, ...others]
  const isTensor = all.every((version) => version.isTensor)
  const met = new Version(
    isTensor,
    all.some((version) => version.mayWait),
  )
  for (const version of all) met.meet(version)
  return met
}

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

/** What a block or network does with one of its names. */
export interface Uses {
  readonly readings: ReadonlySet<Reading>
  /** Where the declaration stands that binds the name. */
  readonly within: Span
  /** Whether the binding stands in a loop, where no part may stand. */
  readonly inLoop: boolean
  /** Where the text binds the same name anew, if it does: an offset in the file. */
  readonly anew?: number
}

type Writable = { -readonly [K in keyof Uses]: Uses[K] }

const known = new WeakMap<Name, Uses>()
const done = new WeakSet<Declaration>()

/** How the text reads what is bound at this name; for a block's own name, what flows into the block. */
export const usesOf = (site: Name): Uses | undefined => known.get(site)

/**
 * Works out what `usesOf` answers for all names that a block or a network binds. Time is linear in its text.
 *
 * It recurses outside of the depth that elaboration counts. Its own depth is that of the declaration's syntax tree, which
 * the parser bounds (`MAX_TREE_DEPTH`); it fits on top of the deepest elaboration in half of Node's stack.
 */
export function noteUses(declaration: Declaration): void {
  if (declaration.kind === 'variant' || done.has(declaration)) return
  done.add(declaration)
  new Reader(declaration.span, declaration.kind === 'network').declaration(declaration)
}

/** Follows the statements as they may run, and notes which readings each binding can reach. */
class Reader {
  private readonly versions = new Map<string, Version>()
  /** For each branch around, what the names that it bound held before. */
  private readonly before: Map<string, Version | undefined>[] = []
  /** The binding of each name that stands last in the text so far. */
  private readonly last = new Map<string, Writable>()
  private loops = 0

  constructor(
    private readonly within: Span,
    private readonly isNetwork: boolean,
  ) {}

  declaration({ name, parameters, body }: Exclude<Declaration, { kind: 'variant' }>): void {
    for (const parameter of parameters) this.parameter(parameter)
    if (!this.isNetwork) this.bind(name, new Version(true, false), 'x')
    // Without a `return`, a network hands out its running tensor.
    if (!this.statements(body) && this.isNetwork) this.read('x', 'whole')
  }

  private parameter({ name, type, default: value }: ParameterDeclaration): void {
    if (value !== undefined) this.expression(value)
    const mayWait = type.name.text === 'block' || type.name.text === 'activation'
    this.bind(name, new Version(type.name.text === 'tensor', mayWait))
  }

  private bind(site: Name, version: Version, ...names: readonly string[]): void {
    const uses: Writable = { readings: version.readings, within: this.within, inLoop: this.loops > 0 }
    known.set(site, uses)
    const last = this.last.get(site.text)
    if (last !== undefined) last.anew = site.span.start
    this.last.set(site.text, uses)
    for (const name of names.length === 0 ? [site.text] : names) this.set(name, version)
  }

  private set(name: string, version: Version | undefined): void {
    const before = this.before.at(-1)
    if (before !== undefined && !before.has(name)) before.set(name, this.versions.get(name))
    if (version === undefined) this.versions.delete(name)
    else this.versions.set(name, version)
  }

  private read(name: string, reading: Reading): void {
    this.versions.get(name)?.read(reading)
  }

  /** True where every path through the statements ends in `return`. */
  private statements(statements: readonly Statement[]): boolean {
    return statements.some((statement) => this.statement(statement))
  }

  private statement(statement: Statement): boolean {
    switch (statement.kind) {
      case 'bind':
        this.assign(statement)
        return false
      case 'stage':
        this.stage(statement)
        return false
      case 'if':
        return this.choose(statement)
      case 'for':
        this.loop(statement)
        return false
      case 'return':
        for (const value of statement.values) this.flow(value)
        return true
      case 'input':
        this.expressions(statement.dimensions)
        this.set('x', new Version(true, false))
        return false
      case 'metadata':
        this.expressions(statement.arguments.map(({ value }) => value))
        return false
      case 'assert':
        this.expressions([statement.condition, ...(statement.message ? [statement.message] : [])])
        return false
    }
  }

  private assign(statement: Of<'bind'>): void {
    const { targets, value } = statement
    const [target] = targets
    if (this.isNetwork && target !== undefined && isPart(statement)) {
      this.flow(value)
      this.bind(target, new Version(true, false), 'x', target.text)
      return
    }
    this.expression(value)
    const isTensor = this.isTensor(value)
    const mayWait = targets.length === 1 ? this.mayWait(value) : !isTensor
    for (const one of targets) this.bind(one, new Version(isTensor, mayWait))
  }

  private stage({ name, lines }: Stage): void {
    for (const { block, count, stride, withs } of lines) {
      this.expressions([...(count ? [count] : []), ...(stride ? [stride] : [])])
      this.flow(block)
      for (const { module, condition } of withs)
        this.expressions([module, ...(condition === undefined ? [] : [condition])])
    }
    this.bind(name, new Version(true, false), 'x', name.text)
  }

  private choose({ condition, then, else: otherwise }: Of<'if'>): boolean {
    this.expression(condition)
    const first = this.branch(() => this.statements(then))
    const second = this.branch(() => this.statements(otherwise ?? []))
    if (first.ended && second.ended) return true
    for (const name of new Set([...first.after.keys(), ...second.after.keys()])) {
      const ways = [first, second].filter(({ ended }) => !ended)
      this.set(
        name,
        meeting(ways.map(({ after }) => (after.has(name) ? after.get(name) : this.versions.get(name)))),
      )
    }
    return false
  }

  /** Runs a branch and takes its bindings back; `after` is what they were. */
  private branch(run: () => boolean): { ended: boolean; after: Map<string, Version | undefined> } {
    const before = new Map<string, Version | undefined>()
    this.before.push(before)
    const ended = run()
    this.before.pop()
    const after = new Map([...before.keys()].map((name) => [name, this.versions.get(name)]))
    for (const [name, version] of before)
      if (version === undefined) this.versions.delete(name)
      else this.versions.set(name, version)
    return { ended, after }
  }

  /** What a turn binds may be read in the next turn, and behind the loop, which may also have had no turn. */
  private loop({ variable, over, body }: Of<'for'>): void {
    this.expression(over)
    const heads = new Map<string, Version>()
    for (const name of boundIn(body)) {
      const earlier = this.versions.get(name)
      const head = new Version(false, earlier?.mayWait ?? true)
      if (earlier !== undefined) head.meet(earlier)
      heads.set(name, head)
      this.set(name, head)
    }
    const isTensor = this.isTensor(over)
    this.loops += 1
    const { ended, after } = this.branch(() => {
      this.bind(variable, new Version(isTensor, !isTensor))
      return this.statements(body)
    })
    this.loops -= 1
    for (const [name, version] of ended ? [] : after) {
      const head = heads.get(name)
      if (head === undefined) this.set(name, meeting([version, this.versions.get(name)]))
      else if (version !== undefined && version !== head) head.meet(version)
    }
  }

  /** A value that a part, a stage, a pipeline or a `return` takes: an operator or a block is applied to `x`. */
  private flow(expression: Expression): void {
    if (this.mayWait(expression)) this.read('x', 'whole')
    this.expression(expression)
  }

  private expressions(expressions: readonly Expression[]): void {
    for (const expression of expressions) this.expression(expression)
  }

  private expression(expression: Expression): void {
    switch (expression.kind) {
      case 'name':
        return this.read(expression.text, 'whole')
      case 'member':
        return this.size(expression.object)
      case 'index': {
        const { object, index } = expression
        if (object.kind === 'name' && index.kind === 'number') return this.read(object.text, index.value)
        return this.expressions([object, index])
      }
      case 'call': {
        const { callee, arguments: given } = expression
        this.expression(callee)
        const isLength = callee.kind === 'name' && callee.text === 'len'
        return given.forEach(({ value }) => {
          if (isLength) this.size(value)
          else this.expression(value)
        })
      }
      case 'pipe':
        this.flow(expression.left)
        return this.expression(expression.step)
      case 'comprehension':
        return this.list(expression)
      default:
        return this.expressions(operandsOf(expression))
    }
  }

  /** Reads an expression of which only the size is asked. */
  private size(expression: Expression): void {
    if (expression.kind === 'name') return this.read(expression.text, 'size')
    if (expression.kind !== 'index') return this.expression(expression)
    this.size(expression.object)
    this.expression(expression.index)
  }

  private list({ variable, over, condition, element }: Extract<Expression, { kind: 'comprehension' }>): void {
    this.expression(over)
    const isTensor = this.isTensor(over)
    const earlier = this.versions.get(variable.text)
    this.bind(variable, new Version(isTensor, !isTensor))
    this.expressions([...(condition === undefined ? [] : [condition]), element])
    this.set(variable.text, earlier)
  }

  /** Whether it is a tensor or a list of tensors for certain. */
  private isTensor(expression: Expression): boolean {
    switch (expression.kind) {
      case 'pipe':
        return true
      case 'name':
        return this.versions.get(expression.text)?.isTensor ?? false
      case 'list':
        return expression.items.length > 0 && expression.items.every((item) => this.isTensor(item))
      case 'index':
        return this.isTensor(expression.object)
      case 'comprehension':
        return this.isTensor(expression.element)
      case 'call': {
        const [first] = expression.arguments
        return first !== undefined && first.name === undefined && this.isTensor(first.value)
      }
      case 'binary':
        return ['+', '*'].includes(expression.operator) && this.isTensor(leftmost(expression))
      case 'choice':
        return this.isTensor(expression.then) && this.isTensor(expression.else)
      case 'as':
        return this.isTensor(expression.value)
      default:
        return false
    }
  }

  /** Whether it may be an operator or a block that waits for its input. */
  private mayWait(expression: Expression): boolean {
    switch (expression.kind) {
      case 'name':
        return this.versions.get(expression.text)?.mayWait ?? true
      case 'call':
      case 'index':
        return !this.isTensor(expression)
      case 'choice':
        return this.mayWait(expression.then) || this.mayWait(expression.else)
      case 'as':
        return this.mayWait(expression.value)
      default:
        return false
    }
  }
}

/** A chain of sums leans left, as deep as it is long. */
function leftmost(expression: Expression): Expression {
  let first = expression
  while (first.kind === 'binary') first = first.left
  return first
}

/** The names that statements may bind, within each other too. */
function boundIn(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  const pending = [...statements]
  for (let statement = pending.pop(); statement !== undefined; statement = pending.pop()) {
    if (statement.kind === 'bind') {
      for (const { text } of statement.targets) names.add(text)
      if (isPart(statement)) names.add('x')
    } else if (statement.kind === 'stage') names.add('x').add(statement.name.text)
    else if (statement.kind === 'for') {
      names.add(statement.variable.text)
      for (const one of statement.body) pending.push(one)
    } else if (statement.kind === 'if')
      for (const one of [...statement.then, ...(statement.else ?? [])]) pending.push(one)
  }
  return names
}

/** Bindings of these names in a network's body are parts that reports group by. */
const partNames: ReadonlyMap<string, Part['kind']> = new Map([
  ['stem', 'stem'],
  ['head', 'head'],
])

/** The part that a binding in a network's body makes, if its name is one of a part. */
export function namedPart({ targets: [target, ...others] }: Bind) {
  const kind = target === undefined || others.length > 0 ? undefined : partNames.get(target.text)
  return target === undefined || kind === undefined
    ? undefined
    : { kind, name: target.text, span: target.span }
}

/** Whether a binding in a network's body is a part. */
export const isPart = (bind: Bind): boolean => namedPart(bind) !== undefined
