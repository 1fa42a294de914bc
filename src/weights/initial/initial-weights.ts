import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph, NetworkMetadata, Parameter } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Weights } from '../weights.ts'
import { uniformStream } from './random.ts'
import { initialStream } from './schemes.ts'

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
