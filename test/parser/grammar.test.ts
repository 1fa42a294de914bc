import { Lexer } from 'chevrotain'
import { expect, test } from 'vitest'
import { ArchGrammar } from '../../src/parser/grammar.ts'
import { vocabulary } from '../../src/parser/tokens.ts'

test('chevrotain finds the grammar sound (production skips this check)', () => {
  expect(() => new ArchGrammar({ validate: true })).not.toThrow()
})

test('chevrotain finds the tokens sound (production skips this check)', () => {
  expect(
    () => new Lexer(vocabulary, { positionTracking: 'onlyOffset', ensureOptimizations: true }),
  ).not.toThrow()
})
