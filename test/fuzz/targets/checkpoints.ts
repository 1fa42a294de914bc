import type { Graph } from '../../../src/ir/graph.ts'
import { bindWeights } from '../../../src/weights/bind-weights.ts'
import { readNameMap } from '../../../src/weights/name-map.ts'
import { decodeTensor, isFloatFormat, readSafetensors } from '../../../src/weights/safetensors/read.ts'
import { isAnswer } from '../diagnosed.ts'
import { changeJson, damageText } from '../json-mutations.ts'
import type { Random } from '../random.ts'
import type { Probe, Target } from '../target.ts'
import { graphOf, graphSeed } from './ir.ts'

interface CheckpointInput {
  readonly bytes: Uint8Array
  /** Decides the graph. */
  readonly graph: string
  /** Text of a map of names; none, where the names are the graph's own. */
  readonly map?: string
  readonly inplaceAbn: boolean
  /** What was done to it; empty where it must load. */
  readonly changes: readonly string[]
  /** Whether diagnostics are rendered. */
  readonly render: boolean
}

export const checkpoints: Target<CheckpointInput> = { name: 'checkpoints', make, run }

const FLOATS = ['F16', 'BF16', 'F32', 'F64'] as const
const OTHERS = ['I64', 'U8', 'BOOL', 'F8_E4M3', 'F8_E5M2', 'I32', 'F4', 'C64', 'nope', ''] as const
const BYTES: Readonly<Record<string, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8, I64: 8, I32: 4, C64: 8 }

interface Tensor {
  readonly dtype: string
  readonly shape: readonly number[]
}

function make(random: Random): CheckpointInput {
  const seed = graphSeed(random)
  const graph = graphOf(seed)
  const render = random.chance(1 / 4)
  const changes: string[] = []
  let tensors = tensorsOf(graph, random)
  const isSound = random.chance(0.1)
  if (!isSound && random.chance(0.4)) tensors = changeTensors(tensors, random, changes)
  const { header, data } = layOut(tensors, random)
  const inplaceAbn = random.chance(0.1)
  const kind =
    isSound || changes.length > 0 ? 'none' : random.pick(['json', 'text', 'bytes', 'length', 'map'])
  let text = JSON.stringify(header)
  if (kind === 'json') {
    const changed = changeJson(header, random)
    text = JSON.stringify(changed.value)
    changes.push(...changed.names)
  }
  if (kind === 'text') {
    const damaged = damageText(text, random)
    text = damaged.text
    changes.push(damaged.name)
  }
  const bytes = fileOf(text, data)
  if (kind === 'bytes') changes.push(damageBytes(bytes, random))
  const shown = kind === 'length' ? otherLength(bytes, random) : bytes
  if (kind === 'length') changes.push('length')
  const map = kind === 'map' ? mapOf(random) : undefined
  if (kind === 'map') changes.push('map')
  return { bytes: shown, graph: seed, inplaceAbn, changes, render, ...(map === undefined ? {} : { map }) }
}

function tensorsOf(graph: Graph, random: Random): Map<string, Tensor> {
  const one = random.chance(0.5) ? random.pick(FLOATS) : undefined
  return new Map(
    graph.parameters.map(({ name, value }) => [
      name,
      { dtype: one ?? random.pick(FLOATS), shape: graph.values[value]?.type.shape ?? [] },
    ]),
  )
}

/** Sound files, with tensors other than the network's. */
function changeTensors(tensors: Map<string, Tensor>, random: Random, changes: string[]): Map<string, Tensor> {
  const entries = [...tensors]
  const prefix = random.pick([
    'module.',
    'model.',
    '_orig_mod.',
    'state_dict.',
    'a.'.repeat(random.skewed(1, 3000)),
  ])
  const permuted = (shape: readonly number[]): readonly number[] => random.shuffled(shape)
  const [name, change] = random.pick<[string, () => readonly (readonly [string, Tensor])[]]>([
    ['prefix', () => entries.map(([key, tensor]) => [prefix + key, tensor])],
    ['dropSome', () => entries.filter(() => random.chance(0.8))],
    [
      'rename',
      () => entries.map(([key, tensor]) => [random.chance(0.2) ? key.replace(/\w+/, 'other') : key, tensor]),
    ],
    ['permute', () => entries.map(([key, { dtype, shape }]) => [key, { dtype, shape: permuted(shape) }])],
    [
      'retype',
      () => entries.map(([key, { shape }]) => [key, { dtype: random.pick([...FLOATS, ...OTHERS]), shape }]),
    ],
    [
      'squeeze',
      () =>
        entries.map(([key, { dtype, shape }]) => [key, { dtype, shape: shape.filter((size) => size !== 1) }]),
    ],
    ['unsqueeze', () => entries.map(([key, { dtype, shape }]) => [key, { dtype, shape: [...shape, 1, 1] }])],
    [
      'resize',
      () =>
        entries.map(([key, { dtype, shape }]) => [
          key,
          { dtype, shape: shape.map((size) => size + random.int(0, 1)) },
        ]),
    ],
    [
      'many',
      () => [
        ...entries,
        ...Array.from({ length: random.skewed(1, 3000) }, (_, index): [string, Tensor] => [
          `extra.${index}`,
          { dtype: 'F16', shape: [] },
        ]),
      ],
    ],
    [
      'oddName',
      () => [
        ...entries,
        [
          random.pick(['', '__proto__', '\u202e', '\u001b[2J', '\ud800', 'a'.repeat(50_000)]),
          { dtype: 'F32', shape: [0] },
        ],
      ],
    ],
    ['none', () => []],
  ])
  changes.push(name)
  return new Map(change())
}

interface Layout {
  readonly header: Record<string, unknown>
  readonly data: Uint8Array
}

function layOut(tensors: ReadonlyMap<string, Tensor>, random: Random): Layout {
  let end = 0
  const entries = [...tensors].map(([name, { dtype, shape }]): [string, unknown] => {
    const begin = end
    end += shape.reduce((product, size) => product * size, BYTES[dtype] ?? 1)
    // A copy: the header may be changed, and the graph's own sizes must not.
    return [name, { dtype, shape: [...shape], data_offsets: [begin, end] }]
  })
  const metadata: [string, unknown][] = random.chance(0.3) ? [['__metadata__', { format: 'pt' }]] : []
  const data = new Uint8Array(end)
  // Zeros are numbers in every format, and of some bytes one is set so that few values are not finite.
  for (let left = random.int(0, 20); left > 0 && end > 0; left--)
    data[random.int(0, end - 1)] = random.int(0, 60)
  return { header: Object.fromEntries([...metadata, ...random.shuffled(entries)]), data }
}

function fileOf(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

function damageBytes(bytes: Uint8Array, random: Random): string {
  const headerEnd = Math.min(bytes.length, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)))
  const end = random.chance(0.7) ? headerEnd : bytes.length
  for (let left = random.skewed(1, 10); left > 0; left--) {
    const at = random.int(0, end - 1)
    bytes[at] = random.chance(0.7) ? (bytes[at] ?? 0) ^ (1 << random.int(0, 7)) : random.int(0, 255)
  }
  return 'bits'
}

/** Another length of the header, or of the file. */
function otherLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.5)) return bytes.slice(0, random.int(0, bytes.length))
  const view = new DataView(bytes.buffer)
  const length = view.getBigUint64(0, true)
  const others = [
    0n,
    1n,
    2n,
    length - 1n,
    length + 1n,
    2n ** 63n,
    2n ** 64n - 1n,
    100_000_000n,
    BigInt(bytes.length),
  ]
  view.setBigUint64(0, BigInt.asUintN(64, random.pick(others)), true)
  return random.chance(0.2) ? Uint8Array.from([...bytes, 0, 1, 2]) : bytes
}

const parts = [
  '{a}',
  '{a*2}',
  '{a+1}',
  '{a*2+1}',
  '{b}',
  '{name}',
  '*',
  '**',
  '.',
  'stage',
  'conv',
  '{',
  '}',
  '{a',
  '{a-1}',
  '{a*99999999}',
  '\u202e',
  '[0-9]',
]

function mapOf(random: Random): string {
  const pattern = (): string =>
    Array.from({ length: random.skewed(1, 12) }, () => random.pick(parts)).join(random.chance(0.5) ? '.' : '')
  const rules = Array.from({ length: random.skewed(1, 60) }, () => ({ from: pattern(), to: pattern() }))
  const sound = [
    { from: 'stage{a}.{b}.conv1', to: 'layer{a}.{b*2+1}' },
    { from: 'layer{a}.{rest}', to: 'l{a+1}.{rest}' },
  ]
  const document = {
    of: 'x',
    rules: random.chance(0.3) ? sound : rules,
    ignore: [pattern(), '*.num_batches_tracked'],
  }
  if (random.chance(0.3)) return damageText(JSON.stringify(document), random).text
  return JSON.stringify(random.chance(0.3) ? changeJson(document, random).value : document)
}

function run({ bytes, graph: seed, map, inplaceAbn, changes, render }: CheckpointInput, probe: Probe): void {
  const graph = graphOf(seed)
  const answers = isAnswer(probe, render)
  const file = probe.step('read', () => readSafetensors(bytes, 'w.safetensors'), answers)
  probe.tally(file === undefined ? 'refused' : 'read')
  if (file === undefined) {
    probe.expect(changes.length > 0, 'a sound file is refused')
    return
  }
  for (const entry of [...file.tensors.values()].slice(0, 3))
    if (isFloatFormat(entry.dtype)) probe.step('decode', () => decodeTensor(file, entry), answers)
  const names =
    map === undefined ? undefined : probe.step('read map', () => readNameMap(map, 'names.json'), answers)
  if (map !== undefined && names === undefined) return
  const weights = probe.step('bind', () => bindWeights(graph, file, names, { inplaceAbn }), answers)
  if (weights === undefined) return
  probe.tally('bound')
  for (const { name, value } of graph.parameters) {
    const size = graph.values[value]?.type.shape.reduce((product, side) => product * side, 1)
    const values = weights.get(name)
    probe.expect(values?.length === size, 'a bound tensor has another size', () => name)
    probe.expect(values?.every(Number.isFinite) ?? false, 'a bound value is not finite', () => name)
  }
}
