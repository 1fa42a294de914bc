import type { Graph } from '../../ir/graph.ts'
import { planOf } from '../../ir/liveness.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { atBatch, nothing, plus, type Amount } from './amount.ts'
import { backwardMoments } from './backward.ts'
import type { Moment } from './moment.ts'
import type { Part } from './parts.ts'
import { record } from './record.ts'
import { residents, type Optimizer } from './residents.ts'
import type { Call, StorageId, Tensor } from './tape.ts'
import { walk, type Course } from './walk.ts'

/** What is in use while a moment lasts. */
export interface Occupied {
  readonly moment: Moment
  readonly total: Amount
}

/** Memory of a step over time, for any batch. */
export interface Profile {
  readonly course: Course
  /** Before the first layer. */
  readonly start: Amount
  readonly moments: readonly Occupied[]
}

/** One forward pass or, in training, one forward and one backward pass. */
export function profile(graph: Graph, options: ExecutionOptions, optimizer: Optimizer): Profile {
  const course = courseOf(graph, options, optimizer)
  const moments: Occupied[] = []
  walk(course, (moment, { total }) => moments.push({ moment, total }))
  const start = course.initial.reduce((sum, [, amount]) => plus(sum, amount), nothing)
  return { course, start, moments }
}

function courseOf(graph: Graph, options: ExecutionOptions, optimizer: Optimizer): Course {
  const { tape, inputs, outputs } = record(graph, options)
  const forward = tape.calls.map(forwardMoment)
  const backward = tape.training ? backwardMoments(tape, outputs) : []
  const resident = new Set(storagesOf(inputs))
  const wanted = new Set([...resident, ...storagesOf(outputs), ...tape.held])
  const picture = [...resident].reduce((sum, id) => plus(sum, tape.storages[id]?.amount ?? nothing), nothing)
  // While a step trains, the pictures of the next are loaded beside it.
  const input = tape.training ? plus(picture, picture) : picture
  return {
    steps: planOf({ nodes: [...forward, ...backward] }, wanted),
    storages: tape.storages,
    initial: [...residents(graph, options, optimizer), ['input', input]],
    resident,
  }
}

const forwardMoment = ({ layer, inputs, outputs, makes, scratch }: Call): Moment => ({
  layer,
  pass: 'forward',
  inputs: storagesOf(inputs),
  outputs: [...storagesOf(outputs), ...makes],
  scratch: scratch.forward,
})

const storagesOf = (tensors: readonly Tensor[]): StorageId[] => tensors.map(({ storage }) => storage)

/** Bytes of each part while a moment lasts, largest first; before the first moment, where none is given. */
export function partsDuring(
  { course }: Profile,
  wanted: Moment | undefined,
  batch: number,
): { readonly name: Part; readonly bytes: number }[] {
  let found: readonly (readonly [Part, Amount])[] = wanted === undefined ? course.initial : []
  walk(course, (moment, ledger) => {
    if (moment === wanted) found = ledger.parts
  })
  return found
    .map(([name, amount]) => ({ name, bytes: atBatch(amount, batch) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
}
