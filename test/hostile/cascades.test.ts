import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'
import { mutate, randomFrom, soundSamples } from '../support/mutations.ts'

/** How many mutations are tried; `MUTATIONS=20000` tries more than a test has time for. */
const COUNT = Number(process.env.MUTATIONS ?? 600)
const MOST = 5

const errorsOf = (text: string): readonly Diagnostic[] =>
  checkProgram(loadProgram('main.arch', hostOf({ 'main.arch': text }))).filter(
    ({ severity }) => severity === 'error',
  )

const samples = soundSamples()
const pick = <T>(list: readonly T[], random: () => number): T => {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

test('of single mistakes at most 0.5 % give more than five errors', { timeout: 60_000 + 60 * COUNT }, () => {
  const random = randomFrom(9)
  const many: string[] = []
  let mistaken = 0
  for (let count = 0; count < COUNT; count++) {
    const { name, text } = pick(samples, random)
    const mutated = mutate(text, random)
    const { length } = errorsOf(mutated.text)
    if (length > 0) mistaken++
    if (length > MOST) many.push(`${length} errors: ${mutated.kind} at offset ${mutated.at} of ${name}`)
  }
  expect(mistaken).toBeGreaterThan(COUNT / 2)
  expect(many.length / COUNT, many.join('\n')).toBeLessThanOrEqual(0.005)
})

/** A file cut where declarations begin; imports and comments before the first are a piece too. */
const piecesOf = (text: string): readonly string[] => text.split(/^(?=network|block)/m)

test('two mistakes in two declarations give two errors', { timeout: 60_000 + 60 * COUNT }, () => {
  const random = randomFrom(10)
  const files = samples.map(({ text }) => piecesOf(text)).filter(({ length }) => length >= 4)
  let [pairs, hidden] = [0, 0]
  for (let count = 0; count < COUNT / 4; count++) {
    const pieces = pick(files, random)
    const [first, second] = [1, 2].map(() => 1 + Math.floor(random() * (pieces.length - 1)))
    if (first === undefined || second === undefined || first === second) continue
    const changed = [first, second].map((at) => mutate(pieces[at] ?? '', random).text)
    const withThose = (those: readonly number[]) =>
      pieces
        .map((piece, at) => (those.includes(at) ? (changed[[first, second].indexOf(at)] ?? '') : piece))
        .join('')
    if ([first, second].some((at) => errorsOf(withThose([at])).length === 0)) continue
    pairs++
    if (errorsOf(withThose([first, second])).length < 2) hidden++
  }
  expect(pairs).toBeGreaterThan(COUNT / 20)
  expect(hidden / pairs).toBeLessThan(0.15)
})
