import type { InitScheme, Graph, NetworkMetadata, Parameter } from '../ir/graph.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { elements } from '../ir/tensor-type.ts'
import type { Weights } from './weights.ts'

/** FNV-1a of the UTF-8 bytes, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193)
  return state >>> 0
}

/** A bijection of 32 bits in which each input bit flips each output bit about half of the time (C. Wellons, lowbias32). */
function mix(value: number): number {
  let state = value
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d)
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}

/**
 * Uniform numbers in [0, 1) that depend on nothing but `seed`, `name` and how many were taken before: the i-th is a
 * hash of i under two keys made of seed and name. A parameter's values so do not change when others come or go.
 */
export function uniformStream(seed: number, name: string): () => number {
  const inner = hash(`${seed}:${name}`)
  const outer = mix(hash(`${name}:${seed}`))
  let count = 0
  return () => mix(mix((count++ ^ inner) | 0) ^ outer) / 2 ** 32
}

/** Standard normal numbers, two from each two uniform ones (Box & Muller 1958). */
function normalStream(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** The bounds of PyTorch's `trunc_normal_`: values, not multiples of the standard deviation. */
const TRUNCATION = 2

interface Fans {
  /** Inputs that one output sees. */
  readonly fanIn: number
  /** Outputs times the kernel's area, not divided by `groups`. */
  readonly fanOut: number
  readonly groups: number
}

/** A stream of initial values under a scheme. */
function initialStream(scheme: InitScheme, fans: Fans, uniform: () => number): () => number {
  const normal = normalStream(uniform)
  switch (scheme.kind) {
    case 'kaiming_normal':
      return scaled(normal, Math.sqrt(2 / fans.fanOut))
    case 'kaiming_normal_grouped':
      return scaled(normal, Math.sqrt((2 * fans.groups) / fans.fanOut))
    case 'uniform':
      return scaled(() => 2 * uniform() - 1, Math.sqrt(1 / fans.fanIn))
    case 'normal':
      return scaled(normal, scheme.std)
    case 'truncated_normal':
      return truncatedNormal(scheme.std, normal, uniform)
  }
}

const scaled = (next: () => number, factor: number) => () => factor * next()

/**
 * A normal distribution cut off at ±2, by rejection. A wide one is nearly flat between the bounds, so there uniform
 * numbers are what is accepted or not: either way more than half are.
 */
function truncatedNormal(std: number, normal: () => number, uniform: () => number): () => number {
  const isNarrow = Math.abs(std) <= TRUNCATION
  const draw = isNarrow ? () => std * normal() : () => TRUNCATION * (2 * uniform() - 1)
  const reject = (value: number) =>
    isNarrow ? Math.abs(value) > TRUNCATION : uniform() > Math.exp(-0.5 * (value / std) ** 2)
  return () => {
    let value = draw()
    while (reject(value)) value = draw()
    return value
  }
}

/** More than published convolutional networks have, and little enough that a copy of them fits beside them. */
const ELEMENT_LIMIT = 200_000_000

/**
 * Weights as a fresh network has them, as its metadata says. The same seed gives the same values; each parameter's
 * depend on its name and the seed alone.
 * @throws DiagnosticError E0616 where they would not fit into memory
 */
export function initialWeights(graph: Graph, seed: number): Weights {
  const total = graph.parameters.reduce((sum, parameter) => sum + sizeOf(graph, parameter), 0)
  if (total > ELEMENT_LIMIT) return refuseSize(graph, total)
  return new Map(
    graph.parameters.map((parameter) => [
      parameter.name,
      initialValues(parameter, sizeOf(graph, parameter), graph.metadata, seed),
    ]),
  )
}

function sizeOf(graph: Graph, parameter: Parameter): number {
  const value = graph.values[parameter.value]
  return value === undefined ? 0 : elements(value.type)
}

function initialValues(
  { name, initial }: Parameter,
  size: number,
  { convInit, linearInit }: NetworkMetadata,
  seed: number,
): Float32Array {
  const values = new Float32Array(size)
  if (initial.kind === 'constant') return values.fill(initial.value)
  const scheme = initial.of === 'conv' ? convInit : linearInit
  const next = initialStream(scheme, initial, uniformStream(seed, name))
  for (let i = 0; i < size; i++) values[i] = next()
  return values
}

function refuseSize(graph: Graph, elements: number): never {
  const path = graph.parts[0]?.location.file ?? graph.name
  throw new DiagnosticError([
    diagnose('E0616', { path }, { network: graph.name, elements, limit: ELEMENT_LIMIT }),
  ])
}
