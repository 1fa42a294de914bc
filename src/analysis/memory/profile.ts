import type { Graph } from '../../ir/graph.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { nothing, plus } from './amount.ts'
import { backwardMoments } from './backward.ts'
import type { Moment } from './moment.ts'
import type { Occupancy } from './parts.ts'
import { record } from './record.ts'
import { residents, type Optimizer } from './residents.ts'
import type { Call, StorageId, Tensor } from './tape.ts'
import { walk, type Occupied } from './walk.ts'

/** Memory of a step over time, for any batch. */
export interface Profile {
  /** Before the first layer. */
  readonly start: Occupancy
  readonly moments: readonly Occupied[]
}

/** One forward pass or, in training, one forward and one backward pass. */
export function profile(graph: Graph, options: ExecutionOptions, optimizer: Optimizer): Profile {
  const { tape, inputs, outputs } = record(graph, options)
  const forward = tape.calls.map(forwardMoment)
  const backward = tape.training ? backwardMoments(tape, outputs) : []
  const given = storagesOf(inputs)
  const picture = given.reduce((sum, id) => plus(sum, tape.storages[id]?.amount ?? nothing), nothing)
  // While a step trains, the pictures of the next are loaded beside it.
  const input = tape.training ? plus(picture, picture) : picture
  const start = { ...residents(graph, options, optimizer), input }
  const wanted = new Set([...storagesOf(outputs), ...tape.held])
  const moments = walk([...forward, ...backward], tape.storages, start, wanted, new Set(given))
  return { start, moments }
}

const forwardMoment = ({ layer, inputs, outputs, makes, scratch }: Call): Moment => ({
  layer,
  pass: 'forward',
  inputs: storagesOf(inputs),
  outputs: [...storagesOf(outputs), ...makes],
  scratch: scratch.forward,
})

const storagesOf = (tensors: readonly Tensor[]): StorageId[] => tensors.map(({ storage }) => storage)
