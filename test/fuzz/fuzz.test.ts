import { describe, expect, test } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { makeInput, tryInput } from './campaign/try-input.ts'
import { hostOver } from './corpus.ts'
import { writeProgram } from './generate/programs.ts'
import { mutationNames, mutations } from './mutations.ts'
import { Random } from './random.ts'
import { targetNamed, targets } from './targets/index.ts'

/** The inputs of a run of the tests; `npm run fuzz` goes on where they end. */
const counts = { specs: 4000, checkpoints: 1500, ir: 1000, others: 1500 } as const
const seed = '1'

describe.each(Object.entries(counts))('%s', (name, count) => {
  test(`${count} inputs: an answer to each, and no exception`, { timeout: 600_000 }, async () => {
    const target = targetNamed(name)
    const found: string[] = []
    for (let index = 0; index < count; index++) {
      const { problems } = await tryInput(target, makeInput(target, seed, index))
      // How long a step takes depends on the machine: `npm run fuzz` judges that.
      const wrong = problems.filter(({ kind }) => kind !== 'slow')
      found.push(...wrong.map(({ signature, detail }) => `${index}: ${signature}\n${detail}`))
    }
    expect(found).toEqual([])
  })
})

test.each(targets)('the inputs of $name come from the seed alone', (target) => {
  const inputs = (of: string) => [0, 1, 2, 3, 4, 5, 6, 7].map((index) => makeInput(target, of, index))
  expect(inputs('a')).toEqual(inputs('a'))
  expect(inputs('a')).not.toEqual(inputs('b'))
})

test('of the programs that are meant to be sound, nine in ten are', () => {
  const programs = Array.from({ length: 300 }, (_, index) => writeProgram(new Random(`sound/${index}`)))
  const built = programs.filter(
    ({ files }) => elaborate(loadProgram('main.arch', hostOver(files)), named(files)).graph,
  )
  expect(built.length).toBeGreaterThan(270)
})

/** The network, not a variant of it. */
function named(files: Readonly<Record<string, string>>): { network: string } {
  const [, network = ''] = /^network (\w+)\(/m.exec(files['main.arch'] ?? '') ?? []
  return { network }
}

test('each mutation changes a program, and none takes it for something else', () => {
  const programs = Array.from({ length: 40 }, (_, index) => writeProgram(new Random(`changed/${index}`)))
  const texts = programs.map(({ files }) => files['main.arch'] ?? '')
  expect(mutationNames.length).toBeGreaterThanOrEqual(30)
  for (const name of mutationNames) {
    const changed = texts.filter(
      (text, index) => mutations[name]?.(text, new Random(`${name}/${index}`), () => '') !== text,
    )
    expect(changed.length, name).toBeGreaterThan(5)
  }
})
