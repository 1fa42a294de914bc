import { getBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core'
import { nearest } from '../../diagnostics/suggest.ts'
import type { Graph, Value, ValueId } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Weights } from '../../weights/weights.ts'
import type { HostTensor, Model, Prediction } from '../model.ts'
import { tapNames, tapValue } from '../taps.ts'
import { wasLeftOut } from '../../ir/dead-code.ts'
import { capabilitiesOf } from './capabilities.ts'
import { dropAll, execute, held, type Live } from './execute.ts'
import { toDevice, toLogical } from './layout.ts'
import { planOf } from '../../ir/liveness.ts'
import { prepare } from './prepare.ts'

export type TfjsModel = Model

/**
 * Puts a network on the tfjs backend that is active now (see `openTfjs`) and returns it, ready to run. The
 * arrays of `weights` belong to the model from then on: some backends do not copy them. Nothing but the
 * model's constants stays on the device between runs.
 */
export function compileTfjs(graph: Graph, weights: Weights): TfjsModel {
  const backend = getBackend()
  const { runs, dispose } = prepare(graph, weights, capabilitiesOf(backend))
  let disposed = false
  return {
    backend,
    predict: async (input, batch, taps = []) => {
      if (disposed) throw new Error(`the model of ${graph.name} was disposed`)
      const wanted = wantedOf(graph, taps)
      const live: Live = new Map()
      try {
        live.set(wanted.input.id, upload(wanted.input, input, batch))
        execute(
          planOf(graph, new Set([...graph.outputs, ...wanted.taps.map(([, { id }]) => id)])),
          runs,
          live,
        )
        return await download(wanted, live, batch)
      } finally {
        dropAll(live)
      }
    },
    dispose: () => {
      disposed = true
      dispose()
    },
  }
}

/** The values at a run's ends. */
interface Wanted {
  readonly input: Value
  readonly outputs: readonly Value[]
  readonly taps: readonly (readonly [name: string, value: Value])[]
}

function wantedOf(graph: Graph, taps: readonly string[]): Wanted {
  const value = (id: ValueId | undefined): Value => {
    const found = id === undefined ? undefined : graph.values[id]
    if (!found) throw new Error(`${graph.name} lacks an input or an output`)
    return found
  }
  const tap = (name: string) => [name, value(tapValue(graph, name) ?? unknownTap(graph, name))] as const
  return { input: value(graph.inputs[0]), outputs: graph.outputs.map(value), taps: taps.map(tap) }
}

function unknownTap(graph: Graph, name: string): never {
  if (wasLeftOut(graph, name))
    throw new RangeError(`"${name}" was left out of ${graph.name}: nothing uses what it computes`)
  const near = nearest(name, tapNames(graph))
  throw new RangeError(
    `${graph.name} has no part or path "${name}"${near ? `; did you mean "${near}"?` : ''}`,
  )
}

function upload({ type }: Value, input: Float32Array, batch: number): Tensor {
  const expected = batch * elements(type)
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`a batch of ${batch} inputs`)
  if (input.length !== expected)
    throw new RangeError(
      `${batch} inputs of ${type.shape.join(' x ')} are ${expected} numbers, got ${input.length}`,
    )
  return tidy(() => toDevice(tensor(input), type.shape, batch))
}

async function download({ outputs, taps }: Wanted, live: Live, batch: number): Promise<Prediction> {
  const fetch = (value: Value): Promise<HostTensor> => toHost(held(live, value.id), value, batch)
  const [results, named] = await Promise.all([
    Promise.all(outputs.map(fetch)),
    Promise.all(taps.map(async ([name, value]) => [name, await fetch(value)] as const)),
  ])
  const [logits] = results
  if (!logits) throw new Error('a prediction without a result')
  return { logits, outputs: results, taps: new Map(named) }
}

async function toHost(x: Tensor, { type }: Value, batch: number): Promise<HostTensor> {
  const logical = tidy(() => toLogical(x, type.shape))
  try {
    return { data: await logical.data<'float32'>(), shape: [batch, ...type.shape] }
  } finally {
    logical.dispose()
  }
}
