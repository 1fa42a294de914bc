import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'

/** The syntax tree of one `.arch` file. Every node has the exact span of its text. */
export interface Module {
  readonly kind: 'module'
  readonly file: SourceFile
  readonly imports: readonly Import[]
  readonly declarations: readonly Declaration[]
  /** What could not be read, in the order of the text; absent where the file is sound. */
  readonly unread?: readonly Span[]
  readonly span: Span
}

export interface Name {
  readonly text: string
  readonly span: Span
}

/** `import { a, b } from "std/..."`; `from` is the unquoted path, `fromSpan` covers the quotes too. */
export interface Import {
  readonly kind: 'import'
  readonly names: readonly Name[]
  readonly from: string
  readonly fromSpan: Span
  readonly span: Span
}

export type Declaration = Network | Variant | Block

interface Declared {
  readonly name: Name
  /** The lines of `///` above it, without the slashes, joined by newlines. */
  readonly doc?: string
  readonly span: Span
}

/** `network NAME(params) { ... }`: a whole model. */
export interface Network extends Declared {
  readonly kind: 'network'
  readonly parameters: readonly ParameterDeclaration[]
  readonly body: readonly Statement[]
}

/** `network NAME = OTHER(args)`: a named variant of another network. */
export interface Variant extends Declared {
  readonly kind: 'variant'
  readonly base: Name
  readonly arguments: readonly Argument[]
}

/** `block NAME(params) { ... }`: a reusable piece; `x` is its first input. */
export interface Block extends Declared {
  readonly kind: 'block'
  readonly parameters: readonly ParameterDeclaration[]
  readonly body: readonly Statement[]
}

/** `name: type = default`. */
export interface ParameterDeclaration {
  readonly name: Name
  readonly type: TypeReference
  readonly default?: Expression
  readonly span: Span
}

/** `int`, `float[]`, `block`...; `rank` counts the pairs of brackets. */
export interface TypeReference {
  readonly name: Name
  readonly rank: number
  readonly span: Span
}

export type Statement = InputSize | Metadata | Bind | Stage | If | For | Assert | Return

/** `input 3 x 224 x 224`. */
export interface InputSize {
  readonly kind: 'input'
  readonly dimensions: readonly Expression[]
  readonly span: Span
}

/** `metadata(mean: [...], std: [...])`: facts about the network that change no operator. */
export interface Metadata {
  readonly kind: 'metadata'
  readonly arguments: readonly Argument[]
  readonly span: Span
}

/** `a = e` or `a, b = e`. */
export interface Bind {
  readonly kind: 'bind'
  readonly targets: readonly Name[]
  readonly value: Expression
  readonly span: Span
}

/** `stage NAME = LINE` has one line; `stage NAME { LINE LINE ... }` has several, run in order. */
export interface Stage {
  readonly kind: 'stage'
  readonly name: Name
  readonly lines: readonly StageLine[]
  readonly span: Span
}

/** `BLOCK(args) [x COUNT] [stride S] [with MODULE at SLOT [if COND]]...` */
export interface StageLine {
  readonly block: Expression
  readonly count?: Expression
  readonly stride?: Expression
  readonly withs: readonly With[]
  readonly span: Span
}

export interface With {
  readonly module: Expression
  readonly slot: Name
  readonly condition?: Expression
  readonly span: Span
}

/** A module placed from outside, over what a spec says: `layer3: se(reduction: 16) at spatial`. */
export interface Placement {
  /** The stages that it goes to; none means all that have the slot. */
  readonly stages: readonly Name[]
  readonly with: With
  readonly span: Span
}

/** A module taken out of the stages that are named, or of all: `se`, `layer3: se`. */
export interface Removal {
  readonly stages: readonly Name[]
  readonly module: Name
  readonly span: Span
}

/** `if C { } else { }`; `else if` is an `else` of one `if`. */
export interface If {
  readonly kind: 'if'
  readonly condition: Expression
  readonly then: readonly Statement[]
  readonly else?: readonly Statement[]
  readonly span: Span
}

/** `for NAME in RANGE-OR-LIST { }`. */
export interface For {
  readonly kind: 'for'
  readonly variable: Name
  readonly over: Expression
  readonly body: readonly Statement[]
  readonly span: Span
}

export interface Assert {
  readonly kind: 'assert'
  readonly condition: Expression
  readonly message?: Expression
  readonly span: Span
}

export interface Return {
  readonly kind: 'return'
  readonly values: readonly Expression[]
  readonly span: Span
}

export interface Argument {
  /** Absent when the argument is positional. */
  readonly name?: Name
  readonly value: Expression
  readonly span: Span
}

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '//' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or'

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly integer: boolean; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly span: Span }
  /** `[for NAME in OVER if CONDITION: ELEMENT]` */
  | {
      readonly kind: 'comprehension'
      readonly variable: Name
      readonly over: Expression
      /** Items for which it is false are left out. */
      readonly condition?: Expression
      readonly element: Expression
      readonly span: Span
    }
  | { readonly kind: 'name'; readonly text: string; readonly span: Span }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: Name; readonly span: Span }
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression; readonly span: Span }
  | {
      readonly kind: 'call'
      readonly callee: Expression
      readonly arguments: readonly Argument[]
      readonly span: Span
    }
  | {
      readonly kind: 'unary'
      readonly operator: '-' | 'not'
      readonly operand: Expression
      readonly span: Span
    }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
      readonly span: Span
    }
  /** `START..END`, the end excluded. */
  | { readonly kind: 'range'; readonly start: Expression; readonly end: Expression; readonly span: Span }
  /** `if C { A } else { B }` where a value is wanted. */
  | {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly then: Expression
      readonly else: Expression
      readonly span: Span
    }
  /** `LEFT -> STEP`; a chain leans left: `(a -> f) -> g`. */
  | { readonly kind: 'pipe'; readonly left: Expression; readonly step: Expression; readonly span: Span }
  /** `slot NAME`, only as a step of a pipeline. */
  | { readonly kind: 'slot'; readonly name: Name; readonly span: Span }
  /** `E as NAME`: names an operator or a block call. */
  | { readonly kind: 'as'; readonly value: Expression; readonly name: Name; readonly span: Span }
  /** Stands where an expression was expected and none could be read; the mistake is already reported. */
  | { readonly kind: 'missing'; readonly span: Span }
