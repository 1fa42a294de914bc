import { MAX_TREE_DEPTH, MAX_MISTAKES, MAX_NAME, MAX_NESTING, MAX_SOURCE_LENGTH } from './limits.ts'
import { childrenOf, type SyntaxNode } from './walk.ts'
import type { IToken } from 'chevrotain'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Expression, Module, Placement, Removal } from './ast.ts'
import { addDocumentation, clipped } from './text.ts'
import { ArchGrammar, type TopLevel } from './grammar.ts'
import { TooDeep } from './recovering-parser.ts'
import { lex } from './lexer.ts'
import * as T from './tokens.ts'

/** The first node below `MAX_TREE_DEPTH`, if there is one. Iterative: it runs before recursion is known to be safe. */
function tooDeepNode(root: object): SyntaxNode | undefined {
  const open: { node: SyntaxNode; depth: number }[] = childrenOf(root).map((node) => ({ node, depth: 0 }))
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (top.depth > MAX_TREE_DEPTH) return top.node
    const depth = top.depth + 1
    for (const node of childrenOf(top.node)) open.push({ node, depth })
  }
  return undefined
}

export interface ParseResult {
  readonly module: Module
  /** In the order of the text; empty when the file is sound. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface ExpressionResult {
  readonly expression: Expression
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a source file. Never throws: every mistake is a diagnostic, and the module holds whatever could be read
 * (an expression that could not is `missing`). Time is linear in the text, and the text is bounded.
 */
export function parse(file: SourceFile): ParseResult {
  const empty: TopLevel = { imports: [], declarations: [] }
  const { value, docs, diagnostics, unread } = read(file, (parser) => parser.topLevel(), empty)
  const declarations = addDocumentation(file, value.declarations, docs)
  const { imports } = value
  const rest = unread.length === 0 ? {} : { unread }
  const module: Module = { kind: 'module', file, imports, declarations, ...rest, span: whole(file) }
  const nothing = diagnostics.length === 0 && declarations.length === 0
  return { module, diagnostics: nothing ? [diagnose('E0121', { ...whole(file), end: 0 }, {})] : diagnostics }
}

/** Reads text that is one expression, such as the value of `--set width=1.2`. Never throws. */
export function parseExpression(file: SourceFile): ExpressionResult {
  const missing: Expression = { kind: 'missing', span: whole(file) }
  const { value, diagnostics } = read(file, (parser) => parser.wholeExpression(), missing)
  return { expression: value, diagnostics }
}

/** Reads `STAGE: MODULE at SLOT`; the placement is absent where there are mistakes. Never throws. */
export function parsePlacement(file: SourceFile): ChangeResult<Placement> {
  return readChange(file, (parser) => ({ change: parser.wholePlacement() }))
}

/** Reads `MODULE` or `STAGE: MODULE`; the removal is absent where there are mistakes. Never throws. */
export function parseRemoval(file: SourceFile): ChangeResult<Removal> {
  return readChange(file, (parser) => ({ change: parser.wholeRemoval() }))
}

export interface ChangeResult<Change> {
  readonly change?: Change
  readonly diagnostics: readonly Diagnostic[]
}

function readChange<Change>(
  file: SourceFile,
  rule: (parser: ArchGrammar) => { change?: Change | undefined },
): ChangeResult<Change> {
  const { value, diagnostics } = read(file, rule, {})
  if (value.change === undefined || diagnostics.length > 0) return { diagnostics }
  return { change: value.change, diagnostics }
}

interface Reading<Root> {
  readonly value: Root
  readonly docs: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
  readonly unread: readonly Span[]
}

/** Reads a file by a rule of the grammar; a text beyond a limit gives `refused` and the one diagnostic that says so. */
function read<Root extends object>(
  file: SourceFile,
  rule: (parser: ArchGrammar) => Root,
  refused: Root,
): Reading<Root> {
  const refuse = (reason: Diagnostic): Reading<Root> => ({
    value: refused,
    docs: [],
    diagnostics: [reason],
    unread: [],
  })
  if (file.text.length > MAX_SOURCE_LENGTH) return refuse(tooLarge(file))
  const { stream, docs, diagnostics } = lex(file)
  const long = stream.tokens.find(
    ({ tokenType, image }) => tokenType === T.Identifier && image.length > MAX_NAME,
  )
  if (long !== undefined) return refuse(longName(stream.span(long), long.image))
  const parser = archGrammar()
  parser.load(stream, diagnostics)
  const value = unlessTooDeep(() => rule(parser))
  if (value instanceof TooDeep)
    return refuse(diagnose('E0118', stream.span(value.token), { limit: MAX_NESTING }))
  const tooLong = tooDeepNode(value)
  if (tooLong !== undefined) return refuse(diagnose('E0119', tooLong.span, { limit: MAX_TREE_DEPTH }))
  const { unread, mistakes } = parser
  return { value, docs, diagnostics: inOrder(file, [...diagnostics, ...mistakes]), unread }
}

function unlessTooDeep<Root>(read: () => Root): Root | TooDeep {
  try {
    return read()
  } catch (error) {
    if (error instanceof TooDeep) return error
    throw error
  }
}

const longName = (span: Span, name: string): Diagnostic =>
  diagnose('E0130', span, { name: clipped(name), length: name.length, limit: MAX_NAME })

let grammar: ArchGrammar | undefined

/** Built on first use, and then kept: chevrotain analyses the grammar when it is constructed. */
const archGrammar = (): ArchGrammar => (grammar ??= new ArchGrammar())

const whole = (file: SourceFile): Span => ({ file, start: 0, end: file.text.length })

function tooLarge(file: SourceFile): Diagnostic {
  const facts = { size: file.text.length, limit: MAX_SOURCE_LENGTH }
  return diagnose('E0120', { file, start: 0, end: 0 }, facts)
}

/** The mistakes in the order of the text, and no more of them than anyone reads. */
function inOrder(file: SourceFile, mistakes: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...mistakes].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
  const surplus = sorted[MAX_MISTAKES]
  if (surplus === undefined) return sorted
  const limit = diagnose('E0122', surplus.span ?? whole(file), { limit: MAX_MISTAKES })
  return [...sorted.slice(0, MAX_MISTAKES), limit]
}
