import { EMPTY_ALT, EOF, tokenLabel, tokenMatcher, type IToken, type TokenType } from 'chevrotain'
import { diagnose } from '../diagnostics/diagnose.ts'
import type * as Ast from './ast.ts'
import type { Argument, Expression, Name } from './ast.ts'
import { MAX_NESTING } from './limits.ts'
import { OperatorTree, type Operand } from './operator-tree.ts'
import { RecoveringParser, TooDeep, type GrammarOptions, type GrammarRule } from './recovering-parser.ts'
import { beginsBinding, beginsDeclaration, type Boundary } from './recovery.ts'
import { numberValue, stringValue } from './text.ts'
import { endsStageLines } from './token-stream.ts'
import * as T from './tokens.ts'

/** What the top level of a file holds. Documentation is added afterwards, because it is no part of the grammar. */
export interface TopLevel {
  readonly imports: readonly Ast.Import[]
  readonly declarations: readonly Ast.Declaration[]
}

type MaybeStatement = Ast.Statement | undefined

type Mutable<Node> = { -readonly [Field in keyof Node]: Node[Field] }

/**
 * The grammar of the language, in the order in which a reader meets it: a file and its declarations, the statements of a
 * body, the stages of a network, and expressions. Each rule gives the node of the syntax tree that it reads.
 */
export class ArchGrammar extends RecoveringParser {
  constructor(options: GrammarOptions = {}) {
    super(options)
    this.performSelfAnalysis()
  }

  readonly topLevel: GrammarRule<TopLevel> = this.RULE('topLevel', (): TopLevel => {
    const imports: Ast.Import[] = []
    const declarations: Ast.Declaration[] = []
    this.ACTION(() => this.skipToDeclaration())
    this.MANY(() => {
      this.recover('declaration', () => {
        this.OR([
          { ALT: () => imports.push(this.SUBRULE(this.import)) },
          { ALT: () => declarations.push(this.SUBRULE(this.network)) },
          { ALT: () => declarations.push(this.SUBRULE(this.block)) },
        ])
      })
      this.ACTION(() => this.skipToDeclaration())
    })
    return { imports, declarations }
  })

  private readonly import: GrammarRule<Ast.Import> = this.RULE('import', (): Ast.Import => {
    const start = this.CONSUME(T.ImportKeyword)
    const open = this.CONSUME(T.LBrace)
    const names = this.listOf(open, 'a name', T.RBrace, () => this.nameOf(this.CONSUME(T.AnyName)))
    this.CONSUME(T.FromWord)
    const path = this.CONSUME(T.StringLiteral)
    const fromSpan = this.stream.span(path)
    return { kind: 'import', names, from: stringValue(path.image), fromSpan, span: this.spanFrom(start) }
  })

  private readonly network = this.RULE('network', (): Ast.Network | Ast.Variant => {
    const start = this.CONSUME(T.NetworkKeyword)
    const name = this.SUBRULE(this.newName)
    return this.OR<Ast.Network | Ast.Variant>({
      DEF: [
        { ALT: () => this.variant(start, name) },
        { ALT: () => this.wholeNetwork(start, name) },
        { ALT: () => this.withoutParameters(start, name) },
      ],
      ERR_MSG: '`(` or `=`',
    })
  })

  private variant(start: IToken, name: Ast.Name): Ast.Variant {
    this.CONSUME(T.Equals)
    const base = this.nameOf(this.CONSUME(T.AnyName))
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'variant', name, base, arguments: list, span: this.spanFrom(start) }
  }

  private wholeNetwork(start: IToken, name: Ast.Name): Ast.Network {
    const parameters = this.SUBRULE(this.parameters)
    const body = this.SUBRULE(this.body)
    return { kind: 'network', name, parameters, body, span: this.spanFrom(start) }
  }

  /** `network NAME {`: only the brackets are missing. */
  private withoutParameters(start: IToken, name: Ast.Name): Ast.Network {
    this.ACTION(() => this.reject('`(` or `=`', start))
    const body = this.SUBRULE2(this.body)
    return { kind: 'network', name, parameters: [], body, span: this.spanFrom(start) }
  }

  private readonly block: GrammarRule<Ast.Block> = this.RULE('block', (): Ast.Block => {
    const start = this.CONSUME(T.BlockKeyword)
    const name = this.SUBRULE(this.newName)
    const parameters = this.SUBRULE(this.parameters)
    const body = this.SUBRULE(this.body)
    return { kind: 'block', name, parameters, body, span: this.spanFrom(start) }
  })

  private skipToDeclaration(): void {
    while (!declarationStarts.some((type) => tokenMatcher(this.LA(1), type)))
      this.skipFrom('`network`, `block` or `import`', 'declaration')
  }

  // The parameters of blocks and networks.

  /** When a parameter can't be read, those before it still count, and the body is read all the same. */
  private readonly parameters: GrammarRule<Ast.ParameterDeclaration[]> = this.RULE(
    'parameters',
    (): Ast.ParameterDeclaration[] => {
      const parameters: Ast.ParameterDeclaration[] = []
      this.recover('header', () => {
        const open = this.CONSUME(T.LParen)
        this.listOf(open, 'a parameter', T.RParen, () => parameters.push(this.SUBRULE(this.parameter)))
      })
      return parameters
    },
  )

  private readonly parameter: GrammarRule<Ast.ParameterDeclaration> = this.RULE(
    'parameter',
    (): Ast.ParameterDeclaration => {
      const start = this.LA(1)
      const name = this.nameOf(this.CONSUME(T.AnyName))
      const type = this.OR<Ast.TypeReference | undefined>({
        DEF: [
          { ALT: () => this.SUBRULE(this.type) },
          { GATE: () => this.isUntyped(), ALT: EMPTY_ALT(undefined) },
        ],
        ERR_MSG: '`:` and a type',
      })
      const value = this.OPTION(() => {
        this.CONSUME(T.Equals)
        return this.SUBRULE(this.expression)
      })
      const known = type ?? this.ACTION(() => this.assumedType(name, value))
      return { name, type: known, ...(value && { default: value }), span: this.spanFrom(start) }
    },
  )

  private checkRank(rank: number, bracket: IToken): void {
    if (rank > MAX_NESTING) throw new TooDeep(bracket)
  }

  private isUntyped(): boolean {
    return [T.Comma, T.RParen, T.Equals].some((type) => tokenMatcher(this.LA(1), type))
  }

  /** Reports that the type is missing, and takes the likely one: the parameter's uses are no mistakes. */
  private assumedType(name: Ast.Name, value: Ast.Expression | undefined): Ast.TypeReference {
    const [type, rank] = typeOf(value)
    this.report(diagnose('E0127', name.span, { name: name.text, type: type + '[]'.repeat(rank) }))
    const span = { ...name.span, start: name.span.end }
    return { name: { text: type, span }, rank, span }
  }

  /** `: TYPE` */
  private readonly type: GrammarRule<Ast.TypeReference> = this.RULE('type', (): Ast.TypeReference => {
    this.CONSUME(T.Colon)
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(T.AnyName) }, { ALT: () => this.CONSUME(T.BlockKeyword) }],
      ERR_MSG: 'a type',
    })
    let rank = 0
    this.MANY(() => {
      const bracket = this.CONSUME(T.LBracket)
      this.CONSUME(T.RBracket)
      rank++
      // A type of so many dimensions makes values that nest as deeply.
      this.ACTION(() => this.checkRank(rank, bracket))
    })
    return { name: this.nameOf(token), rank, span: this.spanFrom(token) }
  })

  // The statements of a body.

  private readonly body: GrammarRule<Ast.Statement[]> = this.RULE('body', () =>
    this.nested(() => this.braced()),
  )

  private braced(): Ast.Statement[] {
    const statements: Ast.Statement[] = []
    const open = this.recover('here', () => this.CONSUME(T.LBrace))
    // A `}` too many further down tells that it is the `{` that was forgotten, and not the whole body.
    if (open === undefined && !this.stream.strayBraceBehind(this.LA(1))) return statements
    this.ACTION(() => this.skipToStatement(open))
    this.MANY(() => {
      const statement = this.SUBRULE(this.statement)
      if (statement !== undefined) statements.push(statement)
      this.ACTION(() => this.skipToStatement(open))
    })
    this.recover('here', () => this.CONSUME(T.RBrace))
    return statements
  }

  private readonly statement: GrammarRule<MaybeStatement> = this.RULE('statement', (): MaybeStatement =>
    this.recover('statement', () =>
      this.OR<Ast.Statement>({
        DEF: [
          { ALT: () => this.SUBRULE(this.ifStatement) },
          { ALT: () => this.SUBRULE(this.forStatement) },
          { ALT: () => this.SUBRULE(this.assertStatement) },
          { ALT: () => this.SUBRULE(this.returnStatement) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.stage) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.inputSize) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.metadata) },
          { ALT: () => this.SUBRULE(this.bind) },
        ],
        IGNORE_AMBIGUITIES: true,
        ERR_MSG: 'a statement',
      }),
    ),
  )

  private readonly bind: GrammarRule<Ast.Bind> = this.RULE('bind', (): Ast.Bind => {
    const start = this.LA(1)
    const targets = [this.nameOf(this.CONSUME(T.AnyName))]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      targets.push(this.nameOf(this.CONSUME2(T.AnyName)))
    })
    this.CONSUME(T.Equals)
    const value = this.SUBRULE(this.value)
    return { kind: 'bind', targets, value, span: this.spanFrom(start) }
  })

  /** An expression at the end of a statement: when it can't be read, the statement still counts. */
  private readonly value: GrammarRule<Ast.Expression> = this.RULE('value', (): Ast.Expression => {
    const start = this.LA(1)
    return this.recover('statement', () => this.SUBRULE(this.expression)) ?? this.missing(start)
  })

  /** An expression in front of a body. */
  private readonly header: GrammarRule<Ast.Expression> = this.RULE('header', (): Ast.Expression => {
    const start = this.LA(1)
    return this.recover('header', () => this.SUBRULE(this.expression)) ?? this.missing(start)
  })

  private readonly ifStatement: GrammarRule<Ast.If> = this.RULE('ifStatement', (): Ast.If => {
    const start = this.CONSUME(T.IfKeyword)
    const condition = this.SUBRULE(this.header)
    const then = this.SUBRULE(this.body)
    const otherwise = this.OPTION(() => {
      this.CONSUME(T.ElseKeyword)
      return this.OR<Ast.Statement[]>({
        DEF: [
          { ALT: () => [this.nested(() => this.SUBRULE(this.ifStatement))] },
          { ALT: () => this.SUBRULE2(this.body) },
        ],
        ERR_MSG: '`{` or `if`',
      })
    })
    const rest = otherwise === undefined ? {} : { else: otherwise }
    return { kind: 'if', condition, then, ...rest, span: this.spanFrom(start) }
  })

  private readonly forStatement: GrammarRule<Ast.For> = this.RULE('forStatement', (): Ast.For => {
    const start = this.CONSUME(T.ForKeyword)
    const variable = this.SUBRULE(this.newName)
    this.CONSUME(T.InKeyword)
    const over = this.SUBRULE(this.header)
    const body = this.SUBRULE(this.body)
    return { kind: 'for', variable, over, body, span: this.spanFrom(start) }
  })

  private readonly assertStatement: GrammarRule<Ast.Assert> = this.RULE('assertStatement', (): Ast.Assert => {
    const start = this.CONSUME(T.AssertKeyword)
    const condition = this.SUBRULE(this.expression)
    const message = this.OPTION(() => {
      this.CONSUME(T.Comma)
      return this.SUBRULE2(this.expression)
    })
    return { kind: 'assert', condition, ...(message && { message }), span: this.spanFrom(start) }
  })

  private readonly returnStatement: GrammarRule<Ast.Return> = this.RULE('returnStatement', (): Ast.Return => {
    const start = this.CONSUME(T.ReturnKeyword)
    const values = [this.SUBRULE(this.value)]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      values.push(this.SUBRULE2(this.value))
    })
    return { kind: 'return', values, span: this.spanFrom(start) }
  })

  private readonly inputSize: GrammarRule<Ast.InputSize> = this.RULE('inputSize', (): Ast.InputSize => {
    const start = this.CONSUME(T.InputWord)
    const dimensions = [this.SUBRULE(this.expression)]
    this.MANY({
      GATE: () => this.isWordHere(),
      DEF: () => {
        this.CONSUME(T.XWord)
        dimensions.push(this.SUBRULE2(this.expression))
      },
    })
    return { kind: 'input', dimensions, span: this.spanFrom(start) }
  })

  private readonly metadata: GrammarRule<Ast.Metadata> = this.RULE('metadata', (): Ast.Metadata => {
    const start = this.CONSUME(T.MetadataWord)
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'metadata', arguments: list, span: this.spanFrom(start) }
  })

  /** Leaves the next token at a statement or at the end of the body. */
  private skipToStatement(open: IToken | undefined): void {
    while (!this.atStatement() && !this.atBodyEnd(open)) this.skipFrom('a statement or `}`', 'statement')
  }

  private atStatement(): boolean {
    return statementStarts.some((type) => tokenMatcher(this.LA(1), type))
  }

  private atBodyEnd(open: IToken | undefined): boolean {
    const at = this.stream.indexOf(this.LA(1))
    if (at >= this.stream.tokens.length || this.stream.is(at, T.RBrace)) return true
    const closed = open !== undefined && this.stream.brackets.partner.has(open)
    return !closed && beginsDeclaration(this.stream, at)
  }

  // Stages, which have one line, or several in braces.

  private readonly stage: GrammarRule<Ast.Stage> = this.RULE('stage', (): Ast.Stage => {
    const start = this.CONSUME(T.StageWord)
    const name = this.SUBRULE(this.newName)
    const lines = this.OR<Ast.StageLine[]>({
      DEF: [{ ALT: () => this.singleLine() }, { ALT: () => this.SUBRULE(this.stageBody) }],
      ERR_MSG: '`=` or `{`',
    })
    return { kind: 'stage', name, lines, span: this.spanFrom(start) }
  })

  private singleLine(): Ast.StageLine[] {
    this.CONSUME(T.Equals)
    return [this.SUBRULE(this.stageLine, { ARGS: ['statement'] })]
  }

  private readonly stageBody: GrammarRule<Ast.StageLine[]> = this.RULE('stageBody', (): Ast.StageLine[] => {
    const lines: Ast.StageLine[] = []
    const open = this.CONSUME(T.LBrace)
    this.ACTION(() => this.skipToLine(open))
    this.AT_LEAST_ONE({
      GATE: () => !this.atLinesEnd(open),
      DEF: () => {
        lines.push(this.SUBRULE(this.stageLine, { ARGS: ['line'] }))
        this.ACTION(() => this.skipToLine(open))
      },
      ERR_MSG: 'a line such as `basic(64) x 2`',
    })
    this.recover('here', () => this.CONSUME(T.RBrace))
    return lines
  })

  private readonly stageLine = this.RULE('stageLine', (boundary: Boundary = 'line'): Ast.StageLine => {
    const start = this.LA(1)
    const line: Partial<Mutable<Ast.StageLine>> = {}
    const withs: Ast.With[] = []
    this.recover(boundary, () => {
      line.block = this.SUBRULE(this.expression)
      this.ACTION(() => this.readGluedCount(line))
      this.OPTION({ GATE: () => this.isWordHere(), DEF: () => (line.count = this.SUBRULE(this.count)) })
      this.OPTION2({ GATE: () => this.isWordHere(), DEF: () => (line.stride = this.SUBRULE(this.stride)) })
      this.MANY({ GATE: () => this.isWordHere(), DEF: () => withs.push(this.SUBRULE(this.with)) })
      this.MANY2({ GATE: () => this.isLate(), DEF: () => this.late(line, withs) })
    })
    return { ...line, block: line.block ?? this.missing(start), withs, span: this.spanFrom(start) }
  })

  /** `x2` behind a block, read as the `x 2` that was meant; before `=` or `,` it is the next statement's name. */
  private readGluedCount(line: Partial<Mutable<Ast.StageLine>>): void {
    const token = this.LA(1)
    const at = this.stream.indexOf(token)
    if (!/^x\d+$/.test(token.image) || this.stream.beginsLine(at) || !this.isWordHere()) return
    const span = this.stream.span(token)
    this.report(diagnose('E0113', span, { text: token.image, spaced: token.image.replace('x', 'x ') }))
    this.resume(at + 1)
    line.count = { kind: 'number', ...numberValue(token.image.slice(1)), span }
  }

  /** A clause behind its place or given again, on the line of what stands before it: elsewhere `x` is a value. */
  private isLate(): boolean {
    return this.isWordHere() && !this.stream.beginsLine(this.stream.indexOf(this.LA(1)))
  }

  /** Reports a clause that stands too late, and takes it all the same. */
  private late(line: Partial<Mutable<Ast.StageLine>>, withs: Ast.With[]): void {
    const token = this.LA(1)
    this.ACTION(() => this.report(diagnose('E0124', this.stream.span(token), { word: token.image })))
    this.OR([
      { ALT: () => (line.count = this.SUBRULE2(this.count)) },
      { ALT: () => (line.stride = this.SUBRULE2(this.stride)) },
    ])
    this.MANY3({ GATE: () => this.isWordHere(), DEF: () => withs.push(this.SUBRULE2(this.with)) })
  }

  private readonly count: GrammarRule<Ast.Expression> = this.RULE('count', (): Ast.Expression => {
    this.CONSUME(T.XWord)
    return this.SUBRULE(this.expression)
  })

  private readonly stride: GrammarRule<Ast.Expression> = this.RULE('stride', (): Ast.Expression => {
    this.CONSUME(T.StrideWord)
    return this.SUBRULE(this.expression)
  })

  private readonly with: GrammarRule<Ast.With> = this.RULE('with', (): Ast.With => {
    const start = this.CONSUME(T.WithWord)
    return { ...this.SUBRULE(this.plugged), span: this.spanFrom(start) }
  })

  /** `MODULE at SLOT [if COND]` */
  private readonly plugged: GrammarRule<Ast.With> = this.RULE('plugged', (): Ast.With => {
    const start = this.LA(1)
    const module = this.SUBRULE(this.expression)
    this.CONSUME(T.AtWord)
    const slot = this.CONSUME(T.AnyName)
    const condition = this.OPTION({
      GATE: () => !this.stream.beginsLine(this.stream.indexOf(this.LA(1))),
      DEF: () => {
        this.CONSUME(T.IfKeyword)
        return this.SUBRULE2(this.expression)
      },
    })
    const optional = condition === undefined ? {} : { condition }
    return { module, slot: this.nameOf(slot), ...optional, span: this.spanFrom(start) }
  })

  /** Leaves the next token at something that may begin a line, or at the end of the stage. */
  private skipToLine(open: IToken): void {
    while (!this.atLine() && !this.atLinesEnd(open)) this.skipFrom('a line such as `basic(64) x 2`', 'line')
  }

  /** The end of the stage, or a statement, before which its `}` was forgotten. */
  private atLinesEnd(open: IToken): boolean {
    const { stream } = this
    const at = stream.indexOf(this.LA(1))
    const isStatement = stream.beginsLine(at) && endsStageLines(this.LA(1), stream.at(at + 1))
    return this.atBodyEnd(open) || isStatement
  }

  private atLine(): boolean {
    return lineStarts.some((type) => tokenMatcher(this.LA(1), type))
  }

  // Expressions. `OperatorTree` knows the precedence below `->`: one rule for all levels keeps recursion shallow.

  private readonly expression: GrammarRule<Expression> = this.RULE('expression', () =>
    this.nested(() => this.pipeline()),
  )

  private pipeline(): Expression {
    const start = this.LA(1)
    let value = this.SUBRULE(this.step)
    this.ACTION(() => this.checkNoSlot(value))
    this.MANY(() => {
      this.CONSUME(T.Arrow)
      const step = this.SUBRULE2(this.step)
      value = { kind: 'pipe', left: value, step, span: this.spanFrom(start) }
    })
    return value
  }

  private readonly step: GrammarRule<Expression> = this.RULE('step', (): Expression => {
    const start = this.LA(1)
    const value = this.OR({
      DEF: [
        { GATE: () => this.atSlot(), ALT: () => this.SUBRULE(this.slot) },
        { ALT: () => this.SUBRULE(this.operation) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'an expression',
    })
    const name = this.OPTION({
      GATE: () => this.isWordHere(),
      DEF: () => {
        this.CONSUME(T.AsWord)
        return this.SUBRULE(this.newName)
      },
    })
    return name === undefined ? value : { kind: 'as', value, name, span: this.spanFrom(start) }
  })

  private readonly slot: GrammarRule<Expression> = this.RULE('slot', (): Expression => {
    const start = this.CONSUME(T.SlotWord)
    const name = this.nameOf(this.CONSUME(T.AnyName))
    return { kind: 'slot', name, span: this.spanFrom(start) }
  })

  private readonly operation: GrammarRule<Expression> = this.RULE('operation', (): Expression => {
    const tree = new OperatorTree(this.stream.file)
    const first = this.SUBRULE(this.operand)
    this.ACTION(() => tree.operand(first))
    this.MANY(() => {
      const operator = this.CONSUME(T.AnyBinaryOperator)
      this.ACTION(() => tree.operator(operator))
      const next = this.SUBRULE2(this.operand)
      this.ACTION(() => tree.operand(next))
    })
    return this.ACTION(() => this.finish(tree))
  })

  private readonly operand: GrammarRule<Operand> = this.RULE('operand', (): Operand => {
    const prefixes: IToken[] = []
    this.MANY(() => prefixes.push(this.CONSUME(T.AnyPrefixOperator)))
    const start = this.LA(1)
    let value = this.SUBRULE(this.primary)
    this.MANY2(() => {
      value = this.OR<Expression>([
        { ALT: () => this.call(value, start) },
        { ALT: () => this.index(value, start) },
        { ALT: () => this.member(value, start) },
      ])
    })
    return { prefixes, value }
  })

  private call(callee: Expression, start: IToken): Expression {
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'call', callee, arguments: list, span: this.spanFrom(start) }
  }

  private index(object: Expression, start: IToken): Expression {
    this.CONSUME(T.LBracket)
    const index = this.SUBRULE(this.expression)
    this.CONSUME(T.RBracket)
    return { kind: 'index', object, index, span: this.spanFrom(start) }
  }

  private member(object: Expression, start: IToken): Expression {
    this.CONSUME(T.Dot)
    const name = this.nameOf(this.CONSUME(T.AnyName))
    return { kind: 'member', object, name, span: this.spanFrom(start) }
  }

  private readonly callArguments: GrammarRule<Argument[]> = this.RULE('callArguments', (): Argument[] => {
    const open = this.CONSUME(T.LParen)
    return this.listOf(open, 'an argument', T.RParen, () => this.SUBRULE(this.argument))
  })

  private readonly argument: GrammarRule<Argument> = this.RULE('argument', (): Argument => {
    const start = this.LA(1)
    const name = this.OPTION({
      GATE: () => this.atArgumentName(),
      DEF: () => this.SUBRULE(this.argumentName),
    })
    const value = this.SUBRULE(this.expression)
    return { ...(name === undefined ? {} : { name }), value, span: this.spanFrom(start) }
  })

  private readonly argumentName: GrammarRule<Name> = this.RULE('argumentName', (): Name => {
    const name = this.nameOf(this.CONSUME(T.AnyName))
    this.OR([
      { ALT: () => this.CONSUME(T.Colon) },
      { ALT: () => this.equalsForColon(this.CONSUME(T.Equals), name) },
    ])
    return name
  })

  private equalsForColon(token: IToken, name: Name): void {
    this.ACTION(() => this.report(diagnose('E0112', this.stream.span(token), { name: name.text })))
  }

  private finish(tree: OperatorTree): Expression {
    const value = tree.finish()
    for (const mistake of tree.mistakes) this.report(mistake)
    return value
  }

  /** A parameter named like a word is possible: `x: 3`. */
  private atArgumentName(): boolean {
    return tokenMatcher(this.LA(2), T.Colon) || tokenMatcher(this.LA(2), T.Equals)
  }

  /** `slot NAME`; but `slot` alone, or before the binding of the next line, is a name. */
  private atSlot(): boolean {
    if (!tokenMatcher(this.LA(2), T.AnyName)) return false
    return !beginsBinding(this.stream, this.stream.indexOf(this.LA(2)))
  }

  private checkNoSlot(value: Expression): void {
    const inner = value.kind === 'as' ? value.value : value
    if (inner.kind !== 'slot') return
    this.report(diagnose('E0116', inner.span, { name: inner.name.text }))
  }

  // Expressions that no operator splits: literals, names, brackets, lists, choices.

  private readonly primary: GrammarRule<Expression> = this.RULE('primary', (): Expression =>
    this.OR<Expression>({
      DEF: [
        { ALT: () => this.nameExpression(this.CONSUME(T.AnyName)) },
        { ALT: () => this.number(this.CONSUME(T.AnyNumber)) },
        { ALT: () => this.string(this.CONSUME(T.StringLiteral)) },
        { ALT: () => this.boolean(this.CONSUME(T.TrueKeyword), true) },
        { ALT: () => this.boolean(this.CONSUME(T.FalseKeyword), false) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.choice) },
      ],
      ERR_MSG: 'an expression',
    }),
  )

  /** The brackets belong to the span, so that the spans of all operands nest in their operation's. */
  private readonly parenthesized: GrammarRule<Expression> = this.RULE('parenthesized', (): Expression => {
    const start = this.CONSUME(T.LParen)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(T.RParen)
    return { ...value, span: this.spanFrom(start) }
  })

  private readonly list: GrammarRule<Expression> = this.RULE('list', (): Expression => {
    const open = this.CONSUME(T.LBracket)
    return this.OR<Expression>({
      DEF: [{ ALT: () => this.comprehension(open) }, { ALT: () => this.items(open) }],
      ERR_MSG: 'an expression or `]`',
    })
  })

  private items(open: IToken): Expression {
    const items = this.listOf(open, 'an expression', T.RBracket, () => this.SUBRULE(this.expression))
    return { kind: 'list', items, span: this.spanFrom(open) }
  }

  private comprehension(open: IToken): Expression {
    this.CONSUME(T.ForKeyword)
    const variable = this.SUBRULE(this.newName)
    this.CONSUME(T.InKeyword)
    const over = this.SUBRULE2(this.expression)
    const condition = this.OPTION2(() => {
      this.CONSUME(T.IfKeyword)
      return this.SUBRULE3(this.expression)
    })
    this.CONSUME(T.Colon)
    const element = this.SUBRULE4(this.expression)
    this.CONSUME2(T.RBracket)
    const filter = condition === undefined ? {} : { condition }
    return { kind: 'comprehension', variable, over, ...filter, element, span: this.spanFrom(open) }
  }

  private readonly choice: GrammarRule<Expression> = this.RULE('choice', (): Expression => {
    const start = this.CONSUME(T.IfKeyword)
    const condition = this.SUBRULE(this.expression)
    const then = this.SUBRULE(this.branch)
    this.CONSUME(T.ElseKeyword)
    const otherwise = this.OR({
      DEF: [
        { ALT: () => this.nested(() => this.SUBRULE(this.choice)) },
        { ALT: () => this.SUBRULE2(this.branch) },
      ],
      ERR_MSG: '`{` or `if`',
    })
    return { kind: 'choice', condition, then, else: otherwise, span: this.spanFrom(start) }
  })

  private readonly branch: GrammarRule<Expression> = this.RULE('branch', (): Expression => {
    this.CONSUME(T.LBrace)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(T.RBrace)
    return value
  })

  private nameExpression(token: IToken): Expression {
    return { kind: 'name', text: token.image, span: this.stream.span(token) }
  }

  private number(token: IToken): Expression {
    return { kind: 'number', ...numberValue(token.image), span: this.stream.span(token) }
  }

  private string(token: IToken): Expression {
    return { kind: 'string', value: stringValue(token.image), span: this.stream.span(token) }
  }

  private boolean(token: IToken, value: boolean): Expression {
    return { kind: 'boolean', value, span: this.stream.span(token) }
  }

  // Texts of their own, as the command line takes them: an expression, and changes of the modules in slots.

  /** A single expression and nothing else, as on the command line. */
  readonly wholeExpression: GrammarRule<Ast.Expression> = this.RULE('wholeExpression', (): Ast.Expression => {
    const start = this.LA(1)
    const value = this.recover('declaration', () => {
      const expression = this.SUBRULE(this.expression)
      this.CONSUME(EOF)
      return expression
    })
    return value ?? this.missing(start)
  })

  /** `[STAGE, STAGE...:] MODULE at SLOT [if COND]` */
  readonly wholePlacement: GrammarRule<Ast.Placement | undefined> = this.RULE('wholePlacement', () =>
    this.recover('declaration', (): Ast.Placement => {
      const start = this.LA(1)
      const stages = this.stagesIfAny()
      const placed = this.SUBRULE(this.plugged)
      this.CONSUME(EOF)
      return { stages, with: placed, span: this.spanFrom(start) }
    }),
  )

  /** `[STAGE, STAGE...:] MODULE` */
  readonly wholeRemoval: GrammarRule<Ast.Removal | undefined> = this.RULE('wholeRemoval', () =>
    this.recover('declaration', (): Ast.Removal => {
      const start = this.LA(1)
      const stages = this.stagesIfAny()
      const module = this.nameOf(this.CONSUME(T.AnyName))
      this.CONSUME(EOF)
      return { stages, module, span: this.spanFrom(start) }
    }),
  )

  private stagesIfAny(): Ast.Name[] {
    return (
      this.OPTION9({
        GATE: () => tokenMatcher(this.LA(2), T.Colon) || tokenMatcher(this.LA(2), T.Comma),
        DEF: () => this.SUBRULE(this.stageNames),
      }) ?? []
    )
  }

  private readonly stageNames: GrammarRule<Ast.Name[]> = this.RULE('stageNames', (): Ast.Name[] => {
    const names: Ast.Name[] = []
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.nameOf(this.CONSUME(T.AnyName))) })
    this.CONSUME(T.Colon)
    return names
  })

  // What all of these use: bracketed lists, new names, and words that are names elsewhere.

  /** The rest of a bracketed list: elements with commas between, one more allowed at the end. */
  private listOf<T>(open: IToken, what: string, closer: TokenType, read: () => T): T[] {
    const elements: T[] = []
    this.MANY({
      GATE: () => this.atElement(open) && !this.atForgottenBracket(open),
      DEF: () => {
        elements.push(read())
        this.OPTION(() => this.CONSUME(T.Comma))
      },
    })
    this.CONSUME(closer, { ERR_MSG: `${this.atElement(open) ? what : '`,`'} or ${tokenLabel(closer)}` })
    return elements
  }

  private atElement(open: IToken): boolean {
    return this.LA(0) === open || tokenMatcher(this.LA(0), T.Comma)
  }

  /** A name that is introduced here. A reserved word in its place is reported and taken for the name. */
  private readonly newName: GrammarRule<Name> = this.RULE('newName', (): Name => {
    const reserved = this.ACTION(() => this.reservedName())
    if (reserved !== undefined && !this.RECORDING_PHASE) return this.nameOf(reserved)
    return this.nameOf(this.CONSUME(T.AnyName))
  })

  private reservedName(): IToken | undefined {
    const token = this.LA(1)
    const at = this.stream.indexOf(token)
    if (!tokenMatcher(token, T.AnyKeyword) || this.stream.beginsLine(at)) return undefined
    this.report(diagnose('E0111', this.stream.span(token), { word: token.image }))
    this.resume(at + 1)
    return token
  }

  /** A word with a meaning in this place; before `=` or `,` it is the name that the next statement binds. */
  private isWordHere(): boolean {
    return !tokenMatcher(this.LA(2), T.Equals) && !tokenMatcher(this.LA(2), T.Comma)
  }

  /** Whether the next line binds a name, and so can't belong to a bracket that is never closed anyway. */
  private atForgottenBracket(open: IToken): boolean {
    if (this.stream.brackets.partner.has(open)) return false
    const at = this.stream.indexOf(this.LA(1))
    return this.stream.beginsLine(at) && beginsBinding(this.stream, at)
  }

  private nameOf(token: IToken): Name {
    return this.ACTION(() => ({ text: token.image, span: this.stream.span(token) }))
  }
}

const declarationStarts = [T.ImportKeyword, T.NetworkKeyword, T.BlockKeyword, EOF]

const statementStarts = [T.AnyName, T.IfKeyword, T.ForKeyword, T.AssertKeyword, T.ReturnKeyword]

const lineStarts = [
  ...[T.AnyName, T.AnyNumber, T.StringLiteral, T.TrueKeyword, T.FalseKeyword],
  ...[T.AnyPrefixOperator, T.LParen, T.LBracket, T.IfKeyword],
]

/** The type, and its pairs of brackets, that a default most likely has. */
function typeOf(value: Ast.Expression | undefined): readonly [string, number] {
  switch (value?.kind) {
    case 'number':
      return [value.integer ? 'int' : 'float', 0]
    case 'string':
      return ['string', 0]
    case 'boolean':
      return ['bool', 0]
    case 'list': {
      const [name, rank] = typeOf(value.items[0])
      return [name, rank + 1]
    }
    case 'name':
    case 'call':
      return ['block', 0]
    default:
      return ['int', 0]
  }
}
