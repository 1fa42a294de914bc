import { expect, test } from 'vitest'
import { peakMemory } from '../../src/analysis/memory/tensor-peak.ts'
import { refuseVastTensors } from '../../src/backends/model.ts'
import { compile } from '../../src/runtime/compile.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { loadProgram } from '../../src/project/load.ts'
import { diagnosed } from '../weights/diagnosed.ts'
import { hostOf } from '../support/host.ts'

function graphOf(body: string, inputSize?: readonly number[]): Graph {
  const text = `network n() {\n  input 3 x 8 x 8\n  ${body}\n}\n`
  const program = loadProgram('main.arch', hostOf({ 'main.arch': text }))
  const { graph } = elaborate(program, inputSize === undefined ? {} : { inputSize })
  return graph ?? expect.fail()
}

test('tensors count while something needs them', () => {
  // Input 3 * 64 floats, then 4 * 64 twice: each relu frees what it read.
  expect(peakMemory(graphOf('stem = conv(4, 3) -> relu -> relu -> relu'))).toMatchObject({
    bytes: 4 * 64 * 8,
  })
  // What is added later stays.
  const skip = 'a = x -> conv(4, 3)\n  b = a -> relu -> relu\n  head = a + b'
  expect(peakMemory(graphOf(skip)).bytes).toBe(4 * 64 * 12)
})

test.each([
  ['a vast input', 'stem = relu', [3, 65_536, 65_536]],
  ['a vast enlargement', 'stem = upsample(1000) -> upsample(10)', undefined],
  ['a vast margin', 'stem = pad(100000)', undefined],
] as const)('%s is refused before anything is allocated', async (_, body, size) => {
  const graph = graphOf(body, size)
  expect(diagnosed(() => refuseVastTensors(graph))).toMatchObject({
    code: 'E0716',
    place: { path: 'main.arch' },
  })
  await expect(compile(graph)).rejects.toMatchObject({ diagnostics: [{ code: 'E0716' }] })
})
