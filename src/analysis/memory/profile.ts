import type { Graph } from '../../ir/graph.ts'
import { type ExecutionOptions, bytesPerElement, precise } from '../../engines/kernel.ts'
import { GraphView } from '../../ir/view.ts'
import { perStep, type Amount, type Part, Ledger, nothing, perImage, atBatch, plus } from './amount.ts'
import { type StorageId, type Storage, tensorBytes, type Call, type Tape, type Tensor } from './tape.ts'
import { type Step, planOf } from '../../ir/liveness.ts'
import { record } from './calls.ts'

/** Numbers that an optimiser keeps for each parameter: none, the momentum, or Adam's two moments. */
const optimizerStates = { sgd: 0, momentum: 1, adam: 2 } as const

export type Optimizer = keyof typeof optimizerStates

/**
 * What stays from step to step. Gradients of weights are counted all the time, as where they are set to zero: training
 * loops that set them to nothing have the memory back in the forward pass.
 */
function residents(
  view: GraphView,
  { precision, mode }: ExecutionOptions,
  optimizer: Optimizer,
): readonly (readonly [Part, Amount])[] {
  const each = bytesPerElement[precise[precision].kept]
  const bytesOf = (trainable: boolean): number =>
    view.heldParameters
      .filter(({ isLearned }) => isLearned === trainable)
      .reduce((sum, { elements }) => sum + elements * each, 0)
  const weights = bytesOf(true)
  const learned = mode === 'training' ? weights : 0
  return [
    ['weights', perStep(weights)],
    ['running statistics', perStep(bytesOf(false))],
    ['weight gradients', perStep(learned)],
    ['optimiser state', perStep(learned * optimizerStates[optimizer])],
  ]
}

/** A call of the forward or the backward pass, with the storages that it needs and those that it makes. */
export interface Moment {
  readonly layer: number
  readonly pass: 'forward' | 'backward'
  readonly inputs: readonly StorageId[]
  readonly outputs: readonly StorageId[]
  /** Taken while it runs. */
  readonly scratch: Amount
}

/** The moments of a step in order, each with the storages that nothing later needs, and what there is from the start. */
interface Course {
  readonly steps: readonly Step<Moment>[]
  readonly storages: readonly Storage[]
  /** In use before the first moment, and to the end. */
  readonly initial: readonly (readonly [Part, Amount])[]
  /** Storages that are part of `initial`. */
  readonly resident: ReadonlySet<StorageId>
}

/**
 * Memory over time: each moment makes its storages, and each storage goes after the last moment that needs it.
 * @param visit is told what is in use while each moment lasts; the ledger changes afterwards
 */
function walk(
  { steps, storages, initial, resident }: Course,
  visit: (moment: Moment, ledger: Ledger) => void,
): void {
  const ledger = new Ledger()
  for (const [part, amount] of initial) ledger.change(part, amount)
  const alive = new Set(resident)
  const change = (id: StorageId, sign: 1 | -1): void => {
    const storage = storages[id]
    if (storage !== undefined) ledger.change(storage.part, storage.amount, sign)
  }
  for (const { node: moment, release } of steps) {
    for (const id of moment.outputs) {
      if (alive.has(id)) continue
      alive.add(id)
      change(id, 1)
    }
    ledger.change('workspace', moment.scratch)
    visit(moment, ledger)
    ledger.change('workspace', moment.scratch, -1)
    for (const id of release) if (alive.delete(id)) change(id, -1)
  }
}

/**
 * The backward pass as PyTorch's autograd walks: the calls in reverse order, each of which reads what it kept and the
 * gradients of its outputs, and makes those of its inputs. Where a tensor was used several times, its gradients are
 * added as they come, in place where nothing else holds the first.
 */
function backwardMoments(tape: Tape, results: readonly Tensor[]): readonly Moment[] {
  const gradients = new Gradients()
  const starts = results
    .filter(({ needsGradient }) => needsGradient)
    .map((result) => {
      const gradient = allocate(tape, result)
      gradients.add(result, gradient)
      return gradient
    })
  const calls = [...tape.calls].reverse()
  const first: readonly Moment[] = calls
    .slice(0, 1)
    .map(({ layer }) => ({ layer, pass: 'backward', inputs: [], outputs: starts, scratch: nothing }))
  return [...first, ...calls.flatMap((call) => momentsOf(tape, call, gradients))]
}

function momentsOf(tape: Tape, call: Call, gradients: Gradients): readonly Moment[] {
  const { layer } = call
  const given = [...new Set(call.outputs.flatMap((output) => gradients.of(output) ?? []))]
  const [shared] = given
  if (shared === undefined) return [{ layer, pass: 'backward', inputs: [], outputs: [], scratch: nothing }]
  const made = call.inputs
    .filter(({ needsGradient }) => needsGradient)
    .map((input) => ({ input, gradient: call.shared.includes(input) ? shared : allocate(tape, input) }))
  for (const { gradient } of made) gradients.claim(gradient)
  call.outputs.forEach((output) => gradients.drop(output))
  const own: Moment = {
    layer,
    pass: 'backward',
    inputs: [...call.keeps, ...given],
    outputs: made.map(({ gradient }) => gradient),
    scratch: call.scratch.backward,
  }
  return [own, ...made.flatMap(({ input, gradient }) => accumulated(tape, layer, input, gradient, gradients))]
}

/** Adds one more gradient of a tensor to those it has. */
function accumulated(
  tape: Tape,
  layer: number,
  tensor: Tensor,
  gradient: StorageId,
  gradients: Gradients,
): readonly Moment[] {
  const before = gradients.of(tensor)
  gradients.release(gradient)
  if (before === undefined) {
    gradients.add(tensor, gradient)
    return []
  }
  const isInPlace = gradients.holders(before) === 1 && before !== gradient
  const sum = isInPlace ? before : allocate(tape, tensor)
  gradients.drop(tensor)
  gradients.add(tensor, sum)
  const inputs = [before, gradient]
  return [{ layer, pass: 'backward', inputs, outputs: isInPlace ? [] : [sum], scratch: nothing }]
}

const allocate = (tape: Tape, tensor: Tensor): StorageId =>
  tape.allocate(perImage(tensorBytes(tensor)), 'activation gradients')

/** Which storage holds the gradient of each tensor so far, and how many hold each storage. */
class Gradients {
  private readonly byTensor = new Map<Tensor, StorageId>()
  private readonly claims = new Map<StorageId, number>()

  of(tensor: Tensor): StorageId | undefined {
    return this.byTensor.get(tensor)
  }

  holders(gradient: StorageId): number {
    return this.claims.get(gradient) ?? 0
  }

  add(tensor: Tensor, gradient: StorageId): void {
    this.byTensor.set(tensor, gradient)
    this.claim(gradient)
  }

  drop(tensor: Tensor): void {
    const gradient = this.byTensor.get(tensor)
    if (gradient === undefined) return
    this.byTensor.delete(tensor)
    this.release(gradient)
  }

  claim(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) + 1)
  }

  release(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) - 1)
  }
}

/**
 * Bytes that lie between the forward and the backward pass, each piece of memory once; without the picture, the weights
 * and their copies.
 */
export function keptForBackward(graph: Graph, options: ExecutionOptions, batch: number): number {
  const { tape } = record(new GraphView(graph), { ...options, mode: 'training' })
  const kept = tape.storages.filter(({ part }) => part === 'kept for backward')
  return atBatch(
    kept.reduce((sum, { amount }) => plus(sum, amount), nothing),
    batch,
  )
}

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
export function profile(view: GraphView, options: ExecutionOptions, optimizer: Optimizer): Profile {
  const course = courseOf(view, options, optimizer)
  const moments: Occupied[] = []
  walk(course, (moment, { total }) => moments.push({ moment, total }))
  const start = course.initial.reduce((sum, [, amount]) => plus(sum, amount), nothing)
  return { course, start, moments }
}

function courseOf(view: GraphView, options: ExecutionOptions, optimizer: Optimizer): Course {
  const { tape, inputs, outputs } = record(view, options)
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
    initial: [...residents(view, options, optimizer), ['input', input]],
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
