import { EOF, tokenMatcher } from 'chevrotain'
import type * as Ast from '../ast.ts'
import * as T from '../tokens.ts'
import type { Rule } from './recovering-parser.ts'
import { StageGrammar } from './stages.ts'

/** What a caller changes about the modules in slots: texts of their own, as on the command line. */
export abstract class PlacementGrammar extends StageGrammar {
  /** `[STAGE, STAGE...:] MODULE at SLOT [if COND]` */
  readonly wholePlacement: Rule<Ast.Placement | undefined> = this.RULE('wholePlacement', () =>
    this.recover('declaration', (): Ast.Placement => {
      const start = this.LA(1)
      const stages = this.stagesIfAny()
      const placed = this.SUBRULE(this.plugged)
      this.CONSUME(EOF)
      return { stages, with: placed, span: this.spanFrom(start) }
    }),
  )

  /** `[STAGE, STAGE...:] MODULE` */
  readonly wholeRemoval: Rule<Ast.Removal | undefined> = this.RULE('wholeRemoval', () =>
    this.recover('declaration', (): Ast.Removal => {
      const start = this.LA(1)
      const stages = this.stagesIfAny()
      const module = this.nameOf(this.CONSUME(T.Name))
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

  private readonly stageNames: Rule<Ast.Name[]> = this.RULE('stageNames', (): Ast.Name[] => {
    const names: Ast.Name[] = []
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.nameOf(this.CONSUME(T.Name))) })
    this.CONSUME(T.Colon)
    return names
  })
}
