import { expect, test, vi } from 'vitest'
import type { Model } from '../../src/backends/model.ts'
import { runOnInput } from '../../src/cli/run/results.ts'
import { imagesOf, inspectInputs, openInput } from '../../src/cli/run/inputs.ts'
import { decodeImage } from '../../src/host/images/load-image.ts'
import { diagnosedLater } from '../weights/diagnosed.ts'
import { workFolder } from './support/archc.ts'
import { npy } from './support/npy.ts'

/** Pictures that were decoded and not yet run. */
let waiting = 0

vi.mock(import('../../src/host/images/load-image.ts'), async (original) => ({
  ...(await original()),
  decodeImage: vi.fn(() => {
    waiting += 1
    return Promise.resolve(new Float32Array(12).fill(waiting))
  }),
}))

const preprocessing = { mean: [0], std: [1], resize: 2, interpolation: 'bilinear' } as const
const size = [3, 2, 2]

/** A network that counts how many pictures wait for it. */
function counting(seen: number[]): Model {
  return {
    backend: 'none',
    predict: async (input) => {
      await new Promise((resolve) => setTimeout(resolve, 0))
      seen.push(waiting)
      waiting -= 1
      const logits = { data: input.slice(0, 1), shape: [1, 1] }
      return { logits, outputs: [logits], taps: new Map() }
    },
    dispose: () => undefined,
  }
}

test('of thirty pictures one is decoded at a time', async () => {
  const inputs = Array.from({ length: 30 }, (_, at) => openInput(`${at}.png`))
  const [seen, names]: [number[], string[]] = [[], []]
  await runOnInput(counting(seen), imagesOf(inputs, size, preprocessing), [], (name) => names.push(name))
  expect(decodeImage).toHaveBeenCalledTimes(30)
  expect(seen).toEqual(inputs.map(() => 1))
  expect(names).toEqual(inputs.map(({ path }) => path))
})

test('an array is held by what describes it until its turn comes, and is looked at before', async () => {
  const cwd = workFolder({
    'two.npy': npy([2, ...size]),
    'one.npy': npy([...size]),
    'odd.npy': npy([1, 3, 4]),
  })
  const [two, one, odd] = ['two', 'one', 'odd'].map((name) => openInput(`${cwd}/${name}.npy`))
  if (!two || !one || !odd) throw new Error('three inputs')
  expect(two).toEqual({ kind: 'array', path: `${cwd}/two.npy`, shape: [2, 3, 2, 2] })
  expect(await inspectInputs([two, one], size)).toEqual({ count: 3, notes: [] })
  expect((await diagnosedLater(inspectInputs([two, odd], size))).code).toBe('E0715')
  const names: string[] = []
  for await (const { name, pixels } of imagesOf([two, one], size, preprocessing)) {
    expect(pixels).toHaveLength(12)
    names.push(name.slice(cwd.length + 1))
  }
  expect(names).toEqual(['two.npy[0]', 'two.npy[1]', 'one.npy'])
})
