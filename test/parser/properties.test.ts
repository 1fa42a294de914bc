import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSourceFile } from '../../src/source/source-file.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { parse, parseExpression } from '../../src/parser/parse.ts'
import { childrenOf, type SyntaxNode } from '../../src/parser/walk.ts'
import { MAX_MISTAKES } from '../../src/parser/limits.ts'

const read = (folder: string): string[] => {
  const url = new URL(folder, import.meta.url)
  const names = readdirSync(url, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.arch'),
  )
  return names.map((name) => readFileSync(new URL(name, url), 'utf8'))
}

const sources = [...read('fixtures/'), ...read('../../specs/')]

/** Every node lies within its parent, and no two arguments, statements or other neighbours overlap. */
function checkSpans(node: SyntaxNode): void {
  const { start, end, file } = node.span
  if (start > end || end > file.text.length) throw new Error(`a span from ${start} to ${end}`)
  const children = childrenOf(node).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  children.forEach((child, index) => {
    const { span } = child
    const from = children[index - 1]?.span.end ?? start
    const nests = span.file === file && span.start >= from && span.end <= end
    if (!nests) throw new Error(`${span.start} to ${span.end} does not lie in ${from} to ${end}`)
    checkSpans(child)
  })
}

function checkDiagnostic({ message, span, labels }: Diagnostic): void {
  expect(message).not.toMatch(/undefined|NaN|Token|recording|something else/)
  for (const place of [span, ...labels.map((label) => label.span)]) {
    if (place === undefined) throw new Error('no span')
    const within = 0 <= place.start && place.start <= place.end && place.end <= place.file.text.length
    if (!within) throw new Error(`a span from ${place.start} to ${place.end}`)
  }
}

function checkSound(text: string): void {
  const { module, diagnostics } = parse(createSourceFile('mangled.arch', text))
  checkSpans(module)
  expect(diagnostics.length).toBeLessThanOrEqual(MAX_MISTAKES + 1)
  diagnostics.forEach(checkDiagnostic)
  const places = diagnostics.map(({ code, span }) => `${code} ${String(span?.start)}`)
  expect(new Set(places).size).toBe(places.length)
}

const words = [
  ...[
    'import',
    'network',
    'block',
    'if',
    'else',
    'for',
    'in',
    'assert',
    'return',
    'true',
    'not',
    'and',
    'or',
  ],
  ...['from', 'input', 'metadata', 'stage', 'stride', 'with', 'at', 'slot', 'as', 'x', 'a', 'conv', 'int'],
  ...['{', '}', '(', ')', '[', ']', ',', ':', '=', '->', '.', '..', '+', '-', '*', '/', '//', '==', '<', '!'],
  ...[
    '1',
    '0.5',
    '3x4',
    '"s"',
    '"',
    "'",
    '# c',
    '/// d',
    '//',
    '/*',
    '\n',
    '\n',
    '$',
    '\0',
    '\ud800',
    '=>',
    ':=',
    '+=',
    '**',
    'x2',
  ],
]
const token = fc.constantFrom(...words)
const cut = fc.double({ min: 0, max: 1, noNaN: true })

const mutation = fc.record({
  source: fc.constantFrom(...sources),
  edits: fc.array(
    fc.record({ at: cut, removed: fc.nat(12), added: fc.oneof(token, fc.string({ maxLength: 4 })) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
})

function mangled({ source, edits }: typeof mutation extends fc.Arbitrary<infer T> ? T : never): string {
  return edits.reduce((text, { at, removed, added }) => {
    const start = Math.floor(at * text.length)
    return text.slice(0, start) + added + text.slice(start + removed)
  }, source)
}

describe('whatever the text', () => {
  test('sound sources and fixtures have sound spans', () => sources.forEach(checkSound))

  test('mutated sources only ever diagnose', () => {
    fc.assert(
      fc.property(mutation, (change) => checkSound(mangled(change))),
      { numRuns: 300 },
    )
  })

  test('truncated sources only ever diagnose', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sources), cut, (source, at) =>
        checkSound(source.slice(0, Math.floor(at * source.length))),
      ),
      { numRuns: 100 },
    )
  })

  test('random tokens only ever diagnose', () => {
    const soup = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(' '))
    const body = soup.map((text) => `block b() {\n${text}\n}`)
    fc.assert(fc.property(fc.oneof(soup, body), checkSound), { numRuns: 800 })
  })

  test('random characters only ever diagnose', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), checkSound), { numRuns: 500 })
  })

  test('expressions only ever diagnose', () => {
    const soup = fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join(' '))
    fc.assert(
      fc.property(soup, (text) => {
        const { expression, diagnostics } = parseExpression(createSourceFile('--set', text))
        checkSpans(expression)
        expect(expression.kind === 'missing' && diagnostics.length === 0).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('one wrong token in a sound source is one mistake', () => {
    const [source = ''] = sources.filter((text) => text.includes('Documented.'))
    const places = [...source.matchAll(/ /g)].map(({ index }) => index)
    for (const at of places) {
      const { diagnostics } = parse(createSourceFile('a', `${source.slice(0, at)} ) ${source.slice(at)}`))
      expect(diagnostics.length).toBeLessThanOrEqual(
        source.lastIndexOf('#', at) > source.lastIndexOf('\n', at) ? 0 : 1,
      )
    }
  })
})
