import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fittingSetting } from '../../src/cli/load-weights.ts'
import { networkAndWarnings } from '../../src/cli/load-network.ts'
import { findSpec } from '../../src/host/spec.ts'
import { fitsGraph } from '../../src/weights/bind-weights.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { fileWith } from '../weights/safetensors-bytes.ts'
import { archc, workFolder } from './support/archc.ts'
import { npy, readArray } from './support/npy.ts'

type Shapes = Readonly<Record<string, readonly number[]>>

const checkpoint = (shapes: Shapes, prefix = '') =>
  writeSafetensors(
    new Map(
      Object.entries(shapes).map(([name, shape]) => {
        const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1)
        return [prefix + name, { shape, data }] as const
      }),
    ),
  )

const TINY = `network tiny(classes: int = 3) {
  input 3 x 8 x 8
  stem = conv(4, 3) -> batch_norm -> relu
  head = global_avg_pool -> linear(classes)
}
`
const SHAPES: Shapes = {
  'stem.conv1.weight': [4, 3, 3, 3],
  'stem.batch_norm1.weight': [4],
  'stem.batch_norm1.bias': [4],
  'stem.batch_norm1.running_mean': [4],
  'stem.batch_norm1.running_var': [4],
  'head.linear1.weight': [3, 4],
  'head.linear1.bias': [3],
}
const withClasses = (count: number): Shapes => ({
  ...SHAPES,
  'head.linear1.weight': [count, 4],
  'head.linear1.bias': [count],
})

const FIXTURES = resolve('test/weights/fixtures')
const strip = (kernel: string) => `network strip() {
  input 3 x 16 x 16
  stem = conv(4, ${kernel}, bias: false) as strip
  head = global_avg_pool -> flatten
}
`

describe('a filter', () => {
  const column = [
    '--weights',
    join(FIXTURES, 'column.safetensors'),
    '--input',
    join(FIXTURES, 'column-input.npy'),
  ]

  test('of 7 x 1 is refused by a network of 1 x 7', async () => {
    const cwd = workFolder({ 'net.arch': strip('[1, 7]') })
    const { status, stdout, stderr } = await archc(['run', 'net.arch', ...column], { cwd })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('[4, 3, 7, 1] in the file and [4, 3, 1, 7] in the network')
    expect(stderr.match(/error\[E\d{4}\]/g)).toEqual(['error[E0610]'])
  })

  test('computes what PyTorch computes with it', async () => {
    const cwd = workFolder({ 'net.arch': strip('[7, 1]') })
    const { status } = await archc(['run', 'net.arch', ...column, '--output', 'y.npy'], { cwd })
    expect(status).toBe(0)
    // tools/reference/column-filter-pytorch.py prints these.
    const expected = [0.0147, 0.03596, 0.0158, -0.06148]
    readArray(join(cwd, 'y.npy')).data.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? NaN, 4)
    })
  })

  test.each([
    [
      'rows and columns exchanged',
      'input 8 x 17 x 17\n  stem = conv(8, [1, 7], bias: false) as first -> conv(8, [7, 1], bias: false) as second',
      { 'stem.first.weight': [8, 8, 7, 1], 'stem.second.weight': [8, 8, 1, 7] },
      '2 of another shape',
    ],
    [
      'sixteen filters of one channel for one of sixteen',
      'input 16 x 8 x 8\n  stem = conv(1, 3, bias: false) as mask',
      { 'stem.mask.weight': [16, 1, 3, 3] },
      '1 of another shape',
    ],
  ] as const)('is refused: %s', async (_, body, shapes, text) => {
    const cwd = workFolder({
      'net.arch': `network net() {\n  ${body}\n  head = flatten\n}\n`,
      'w.safetensors': checkpoint(shapes),
    })
    const { status, stderr } = await archc(['compile', 'net.arch', '--weights', 'w.safetensors', '-o', 'm'], {
      cwd,
    })
    expect(status).toBe(1)
    expect(stderr).toContain(text)
  })
})

describe('what the user is told', () => {
  const folder = () =>
    workFolder({
      'tiny.arch': TINY,
      'x.npy': npy([3, 8, 8], new Float32Array(192).fill(1)),
      'module.safetensors': checkpoint(SHAPES, 'module.'),
      'seven.safetensors': checkpoint(withClasses(7)),
      'fp8.safetensors': fp8(),
      'model.safetensors.index.json': JSON.stringify({
        weight_map: Object.fromEntries(Object.keys(SHAPES).map((name) => [name, 'module.safetensors'])),
      }),
    })
  const run = (cwd: string, file: string, ...options: string[]) =>
    archc(['run', 'tiny.arch', '--input', 'x.npy', '--weights', file, ...options], { cwd })

  function fp8() {
    let at = 0
    const header = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1)
        return [name, { dtype: 'F8_E4M3', shape, data_offsets: [at, (at += size)] }]
      }),
    )
    return fileWith(header, at)
  }

  test('of a prefix: a note on stderr, and in the JSON', async () => {
    const { status, stdout, stderr } = await run(folder(), 'module.safetensors', '--json')
    expect(status).toBe(0)
    expect(stderr).toMatch(/^note: module\.safetensors: .*`module\.`.*\n$/)
    expect(JSON.parse(stdout)).toMatchObject({
      weights: { random: false, file: 'module.safetensors', notes: [expect.stringContaining('`module.`')] },
    })
  })

  test('of 8 bits: floating point, not supported', async () => {
    const { status, stderr } = await run(folder(), 'fp8.safetensors')
    expect(status).toBe(1)
    expect(stderr).toContain('7 of floating point that is not supported')
    expect(stderr).not.toContain('integers')
    expect(stderr).toMatch(/help: F16, BF16, F32 and F64 are read/)
  })

  test('of an index at odds with its shard', async () => {
    const { status, stderr } = await run(folder(), 'model.safetensors.index.json')
    expect(status).toBe(1)
    expect(stderr).toContain('error[E0656]')
  })

  test('of another number of classes: the setting that fits, which then does', async () => {
    const cwd = folder()
    const { status, stderr } = await run(cwd, 'seven.safetensors')
    expect(status).toBe(1)
    expect(stderr).toContain('help: `--set classes=7` makes the network fit')
    expect(await run(cwd, 'seven.safetensors', '--set', 'classes=7')).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('the setting for a number of rows', () => {
  const settingOf = (
    text: string,
    shapes: Shapes,
    rows: { ours: number; theirs: number },
    network?: string,
  ) => {
    const spec = findSpec(join(workFolder({ 'n.arch': text }), 'n.arch'))
    const file = readSafetensors(checkpoint(shapes), 'w')
    const options = { set: [], with: [], without: [], ...(network === undefined ? {} : { network }) }
    const { graph } = networkAndWarnings(spec, options)
    expect(fitsGraph(graph, file)).toBe(false)
    return fittingSetting({ spec, options }, graph.name, rows, (other) => fitsGraph(other, file))
  }
  const head = (parameters: string, units: string, before = '') =>
    `network tiny(${parameters}) {\n  ${before}input 3 x 8 x 8\n  head = global_avg_pool -> linear(${units}, bias: false)\n}\n`
  const shapes = { 'head.linear1.weight': [7, 3] }
  const rows = { ours: 3, theirs: 7 }

  test.each([
    ['of another name', head('outputs: int = 3', 'outputs'), 'outputs=7'],
    ['that stands behind others', head('a: int = 3, b: float = 3, c: int = 3', 'c'), 'c=7'],
    ['whose default is computed', head('a: int = 1 + 2', 'a'), 'a=7'],
    [
      'with others that make no network',
      head('a: int = 3, rows: int = 3', 'rows', 'assert a < 5, "no"\n  '),
      'rows=7',
    ],
  ])('is one %s', (_, text, expected) => {
    expect(settingOf(text, shapes, rows)).toBe(expected)
  })

  test('is the parameter of what a variant is made of', () => {
    const text = `${head('classes: int = 1000', 'classes')}network small = tiny(classes: 3)\n`
    expect(settingOf(text, shapes, rows, 'small')).toBe('classes=7')
  })

  test.each([
    ['where the number is fixed', head('', '3')],
    ['where it is made of a parameter in another way', head('rows: int = 1', 'rows + 2')],
    ['where it is no whole number', head('rows: float = 3', 'int(rows)')],
    ['where it sets more than the rows', head('rows: int = 3', 'rows', 'assert rows == 3, "no"\n  ')],
  ])('is none %s', (_, text) => {
    expect(settingOf(text, shapes, rows)).toBeUndefined()
  })

  test('is that of a built-in network too', () => {
    const spec = findSpec('resnet18')
    const options = { set: [], with: [], without: [] }
    const rows = { ours: 1000, theirs: 10 }
    const hasTen = (graph: { parameters: readonly unknown[] }) =>
      JSON.stringify(graph).includes('"shape":[10,512]')
    expect(fittingSetting({ spec, options }, 'resnet18', rows, hasTen)).toBe('classes=10')
  })
})

test('the fixture is the file that PyTorch wrote', () => {
  const file = readSafetensors(readFileSync(join(FIXTURES, 'column.safetensors')), 'w')
  expect(file.tensors.get('stem.strip.weight')?.shape).toEqual([4, 3, 7, 1])
})
