import { tokenMatcher, type IToken } from 'chevrotain'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type * as Ast from '../ast.ts'
import { endsStageLines } from '../token-stream.ts'
import { numberValue } from '../text.ts'
import type { Boundary } from '../recovery.ts'
import * as T from '../tokens.ts'
import type { Rule } from './recovering-parser.ts'
import { StatementGrammar } from './statements.ts'

type Mutable<Node> = { -readonly [Field in keyof Node]: Node[Field] }

/** Stages: one line, or several in braces. */
export abstract class StageGrammar extends StatementGrammar {
  protected readonly stage: Rule<Ast.Stage> = this.RULE('stage', (): Ast.Stage => {
    const start = this.CONSUME(T.Stage)
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

  private readonly stageBody: Rule<Ast.StageLine[]> = this.RULE('stageBody', (): Ast.StageLine[] => {
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

  private readonly count: Rule<Ast.Expression> = this.RULE('count', (): Ast.Expression => {
    this.CONSUME(T.X)
    return this.SUBRULE(this.expression)
  })

  private readonly stride: Rule<Ast.Expression> = this.RULE('stride', (): Ast.Expression => {
    this.CONSUME(T.Stride)
    return this.SUBRULE(this.expression)
  })

  private readonly with: Rule<Ast.With> = this.RULE('with', (): Ast.With => {
    const start = this.CONSUME(T.With)
    return { ...this.SUBRULE(this.plugged), span: this.spanFrom(start) }
  })

  /** `MODULE at SLOT [if COND]` */
  protected readonly plugged: Rule<Ast.With> = this.RULE('plugged', (): Ast.With => {
    const start = this.LA(1)
    const module = this.SUBRULE(this.expression)
    this.CONSUME(T.At)
    const slot = this.CONSUME(T.Name)
    const condition = this.OPTION({
      GATE: () => !this.stream.beginsLine(this.stream.indexOf(this.LA(1))),
      DEF: () => {
        this.CONSUME(T.If)
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
}

const lineStarts = [
  ...[T.Name, T.NumberLiteral, T.StringLiteral, T.True, T.False],
  ...[T.PrefixOperator, T.LParen, T.LBracket, T.If],
]
