import type { GraphView } from '../ir/view.ts'
import type { ExecutionOptions, Kernel } from './kernel.ts'

/** Bytes: those that each image of the batch takes, and those that a step takes whatever its batch. */
export interface Amount {
  readonly image: number
  readonly step: number
}

export const noBytes: Amount = { image: 0, step: 0 }

export const perImage = (bytes: number): Amount => ({ image: bytes, step: 0 })

export const perStep = (bytes: number): Amount => ({ image: 0, step: bytes })

export const plus = (a: Amount, b: Amount): Amount => ({ image: a.image + b.image, step: a.step + b.step })

/** What memory is for, as the report names it. */
export const memoryParts = [
  'weights',
  'running statistics',
  'weight gradients',
  'optimiser state',
  /** Copies of the weights in the type or the order that an engine's filters read. */
  'weight copies',
  'input',
  'kept for backward',
  /** Alive because a later call reads them, not because the backward pass does. */
  'activations',
  'activation gradients',
  /** Gone when the call that asked for it is done. */
  'workspace',
] as const

export type MemoryPart = (typeof memoryParts)[number]

/** Index into a schedule's storages. */
export type StorageId = number

/** A piece of memory that an engine allocates; several tensors may lie in it. */
export interface Storage extends Amount {
  readonly part: MemoryPart
}

/** `update` is the optimiser's. */
export type StepPass = 'forward' | 'backward' | 'update'

/** What an engine does at one go: the kernels that it launches, and the memory that it holds meanwhile. */
export interface EngineCall {
  /** Index into `graph.nodes` of the operator that it is charged to. */
  readonly node: number
  /** Other operators whose work it does as well, by index; empty unless the engine fuses. */
  readonly fused: readonly number[]
  readonly pass: StepPass
  /** In the order of their launch; none where a tensor is only looked at in another way. */
  readonly kernels: readonly Kernel[]
  /** Storages that are there until it is done: it reads them, or the engine frees them only afterwards. */
  readonly needs: readonly StorageId[]
  /** Storages that it writes; those that are not there yet are allocated. */
  readonly makes: readonly StorageId[]
  /** Workspace while it runs. */
  readonly scratch: Amount
}

/** Bytes that stay from step to step. */
export interface ResidentBytes {
  readonly weights: number
  readonly 'running statistics': number
  readonly 'weight copies': number
  /** Gradients of weights; 0 at inference. An optimiser's state is a multiple of them. */
  readonly 'weight gradients': number
}

/**
 * One step of a graph on an engine. Kernels, bytes and time are read off the calls' kernels, memory off their storages: a
 * storage is allocated by the first call that makes it and freed after the last that needs or makes it.
 */
export interface Schedule {
  /** The graph that it is a step of. */
  readonly view: GraphView
  readonly engine: string
  readonly options: ExecutionOptions
  /** In the order of execution. */
  readonly calls: readonly EngineCall[]
  readonly storages: readonly Storage[]
  /** Storages that are there before the first call: the network's inputs. */
  readonly given: readonly StorageId[]
  /** Storages that last to the end of the step: what the caller holds, and what the engine does not free before. */
  readonly held: readonly StorageId[]
  readonly resident: ResidentBytes
  /** What the memory model assumes, where it was not compared with the engine itself. */
  readonly unmeasured?: string
}

/** All launches of a step in order. */
export const kernelsOf = ({ calls }: Pick<Schedule, 'calls'>): readonly Kernel[] =>
  calls.flatMap(({ kernels }) => kernels)

export const noFused: readonly number[] = []
export const noStorages: readonly StorageId[] = []
