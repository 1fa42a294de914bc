import { readdirSync, readFileSync } from 'node:fs'
import { lex } from '../../src/parser/lexer.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { archOf, diagnosticsOf, snippetsOf, type Snippet } from '../docs/snippets.ts'

/** A valid source file: the text that is mutated, and what it may import beside the library. */
export interface Sample {
  readonly name: string
  readonly text: string
}

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The networks and blocks that archc ships, and the snippets of the documentation that are whole and sound. */
export function soundSamples(): readonly Sample[] {
  const root = new URL('../../', import.meta.url)
  const specs = readdirSync(new URL('specs/', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.arch'))
    .sort()
    .map((name) => ({ name: `specs/${name}`, text: readFileSync(new URL(`specs/${name}`, root), 'utf8') }))
  const pages = ['docs/language.md', ...pagesOfErrors(root)]
  const snippets = pages.flatMap((page) => {
    const found = archOf(snippetsOf(readFileSync(new URL(page, root), 'utf8')))
    return found
      .filter((one) => isWhole(one) && diagnosticsOf(one, found).length === 0)
      .map(({ line, text }) => ({ name: `${page}:${line}`, text }))
  })
  return [...specs, ...snippets]
}

const pagesOfErrors = (root: URL): readonly string[] =>
  readdirSync(new URL('docs/errors/', root))
    .filter((name) => /^E\d+\.md$/.test(name))
    .sort()
    .map((name) => `docs/errors/${name}`)

const isWhole = ({ error, isStatements, isPart, use, text }: Snippet): boolean =>
  error === undefined &&
  !isStatements &&
  !isPart &&
  use === undefined &&
  !/from "(?!std\/)/.test(text) &&
  text.includes('network')

interface Token {
  readonly start: number
  readonly end: number
  readonly text: string
}

type Mutation = (
  text: string,
  tokens: readonly Token[],
  at: number,
  random: () => number,
) => string | undefined

const strays = [
  ')',
  '(',
  ']',
  '[',
  '}',
  '{',
  ',',
  ':',
  '=',
  '->',
  '..',
  '.',
  '+',
  '3',
  'x',
  'relu',
  'foo',
  'if',
  'for',
  'stage',
  'block',
  'return',
  'as',
  '"',
  ';',
  '@',
]

const characters = '()[]{},:=->.+*"#_x0 '

/** The line that an offset is on, with its line break. */
function lineAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', offset)
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length : end + 1 }
}

const splice = (text: string, { start, end }: { start: number; end: number }, by: string): string =>
  text.slice(0, start) + by + text.slice(end)

const isWord = ({ text }: Token): boolean => /^[A-Za-z_]\w*$/.test(text)

/** Single mistakes, as a hand makes them. Each gives the mutated text, or nothing where it does not apply. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'token deleted': (text, tokens, at) => splice(text, token(tokens, at), ''),
  'token doubled': (text, tokens, at) =>
    splice(text, token(tokens, at), `${token(tokens, at).text} ${token(tokens, at).text}`),
  'neighbours swapped': (text, tokens, at) => {
    const [first, second] = [token(tokens, at), tokens[at + 1]]
    if (second === undefined || first.text === second.text) return undefined
    const between = text.slice(first.end, second.start)
    return splice(
      text,
      { start: first.start, end: second.end },
      `${second.text}${between || ' '}${first.text}`,
    )
  },
  'token replaced by another': (text, tokens, at, random) => {
    const other = token(tokens, Math.floor(random() * tokens.length)).text
    return other === token(tokens, at).text ? undefined : splice(text, token(tokens, at), other)
  },
  'name misspelt': (text, tokens, at, random) => {
    const one = token(tokens, at)
    if (!isWord(one)) return undefined
    const place = Math.floor(random() * one.text.length)
    return splice(text, one, `${one.text.slice(0, place)}q${one.text.slice(place + 1)}`)
  },
  'letter dropped': (text, tokens, at, random) => {
    const one = token(tokens, at)
    if (!isWord(one) || one.text.length < 2) return undefined
    const place = Math.floor(random() * one.text.length)
    return splice(text, one, one.text.slice(0, place) + one.text.slice(place + 1))
  },
  'bracket dropped': (text, tokens, at) =>
    /^[()[\]{}]$/.test(token(tokens, at).text) ? splice(text, token(tokens, at), '') : undefined,
  'stray token': (text, tokens, at, random) => {
    const stray = strays[Math.floor(random() * strays.length)] ?? ''
    return splice(text, { start: token(tokens, at).start, end: token(tokens, at).start }, `${stray} `)
  },
  'line doubled': (text, tokens, at) => {
    const line = lineAt(text, token(tokens, at).start)
    return splice(text, { start: line.end, end: line.end }, text.slice(line.start, line.end))
  },
  'lines cut out': (text, tokens, at, random) => {
    const { start } = lineAt(text, token(tokens, at).start)
    let { end } = lineAt(text, start)
    for (let more = Math.floor(random() * 3); more > 0; more--) end = lineAt(text, end).end
    return splice(text, { start, end }, '')
  },
  'lines swapped': (text, tokens, at) => {
    const first = lineAt(text, token(tokens, at).start)
    const second = lineAt(text, first.end)
    const swapped = text.slice(second.start, second.end) + text.slice(first.start, first.end)
    return splice(text, { start: first.start, end: second.end }, swapped)
  },
  'lines joined': (text, tokens, at) => {
    const { end } = lineAt(text, token(tokens, at).start)
    return end >= text.length ? undefined : splice(text, { start: end - 1, end }, ' ')
  },
  'number changed': (text, tokens, at, random) =>
    /^\d/.test(token(tokens, at).text)
      ? splice(
          text,
          token(tokens, at),
          ['0', '1', '2', '7', '0.5', '1e9', '-1'][Math.floor(random() * 7)] ?? '',
        )
      : undefined,
  'character dropped': (text, tokens, at, random) => {
    const { start, end } = token(tokens, at)
    const place = start + Math.floor(random() * (end - start))
    return splice(text, { start: place, end: place + 1 }, '')
  },
  'character inserted': (text, tokens, at, random) => {
    const { start, end } = token(tokens, at)
    const place = start + Math.floor(random() * (end - start))
    return splice(
      text,
      { start: place, end: place },
      characters[Math.floor(random() * characters.length)] ?? '',
    )
  },
  'line break inserted': (text, tokens, at) =>
    splice(text, { start: token(tokens, at).start, end: token(tokens, at).start }, '\n'),
}

function token(tokens: readonly Token[], at: number): Token {
  const found = tokens[at]
  if (found === undefined) throw new Error(`no token ${at}`)
  return found
}

/** The tokens of a text without its comments. */
export const tokensOf = (text: string): readonly Token[] =>
  lex(createSourceFile('sample.arch', text)).stream.tokens.map(({ startOffset, image }) => ({
    start: startOffset,
    end: startOffset + image.length,
    text: image,
  }))

/** One mutation at one place, drawn by `random`; draws again where it does not apply. */
export function mutate(
  text: string,
  random: () => number,
): { readonly kind: string; readonly text: string; readonly at: number } {
  const tokens = tokensOf(text)
  const kinds = Object.entries(mutations)
  for (;;) {
    const at = Math.floor(random() * tokens.length)
    const [kind, mutation] = kinds[Math.floor(random() * kinds.length)] ?? ['', () => undefined]
    const mutated = mutation(text, tokens, at, random)
    if (mutated !== undefined && mutated !== text) return { kind, text: mutated, at: token(tokens, at).start }
  }
}
