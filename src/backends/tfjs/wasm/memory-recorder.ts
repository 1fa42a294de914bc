import type { TensorInfo } from '@tensorflow/tfjs-core'
import { convInfo, poolInfo, elementCount, inputOf } from '../trace/lowering/lowering.ts'
import { Recorder, type NamedCall } from '../trace/recorder.ts'
import { USABLE, type Heap } from './heap.ts'
import {
  bilinearBlocks,
  denseBlocks,
  depthwiseBlocks,
  poolBlocks,
  preluBlocks,
  productBlocks,
  type Blocks,
} from './xnnpack.ts'

const FLOAT = 4
/** What the module notes of each tensor. */
const NOTE = 20

/** Bytes by what they are for. */
export interface Parts {
  /** Inputs, values between operators, and results. */
  readonly tensors: number
  readonly weights: number
  /** XNNPACK's copies of the weights. */
  readonly copies: number
  /** XNNPACK's tables of pointers. */
  readonly tables: number
}

/** What was in memory where it went over its limit. */
interface Overflow {
  /** Index of the node; -1 where weights and input alone are too much. */
  readonly node: number
  readonly parts: Parts
}

/** An operator of XNNPACK, which is found again and used for other sizes. */
interface Operator {
  readonly addresses: number[]
  copies: number
  tables: number
  tableAddress?: number
}

/** Follows what tfjs's wasm backend allocates and frees, by shapes alone. */
export class MemoryRecorder extends Recorder {
  overflow: Overflow | undefined
  /** Whether what is made now is a parameter. */
  weights = false
  private readonly tensors = new Map<object, { addresses: number[]; bytes: number; weight: boolean }>()
  /** Of a filter or a matrix; they go with it. */
  private readonly ofWeights = new Map<object, Operator>()
  /** Of pools and the like, for good. */
  private readonly shared = new Map<string, Operator>()
  private readonly parts = { tensors: 0, weights: 0, copies: 0, tables: 0 }

  constructor(
    batch: number,
    readonly heap: Heap,
  ) {
    super(batch)
  }

  /** What XNNPACK keeps from run to run: copies of weights and tables of pointers. */
  get packedBytes(): number {
    return this.parts.copies + this.parts.tables
  }

  /** Numbers in the lowering. */
  override write(values: unknown, shape: number[]): object {
    const dataId = super.write(values, shape)
    this.keep(dataId, shape)
    return dataId
  }

  override disposeData(dataId: object, force = false): boolean {
    const gone = super.disposeData(dataId, force)
    if (gone) this.forget(dataId)
    return gone
  }

  override perform(name: string, call: NamedCall, kernel: () => TensorInfo | TensorInfo[]): TensorInfo[] {
    const outputs = super.perform(name, call, kernel)
    for (const { dataId, shape } of outputs) if (!this.tensors.has(dataId)) this.keep(dataId, shape)
    const needed = operatorOf(name, call)
    if (needed) this.operate(needed)
    return outputs
  }

  private keep(dataId: object, shape: readonly number[]): void {
    const bytes = FLOAT * elementCount(shape)
    const weight = this.weights
    this.parts[weight ? 'weights' : 'tensors'] += bytes
    this.tensors.set(dataId, { addresses: [this.allocate(bytes), this.allocate(NOTE)], bytes, weight })
  }

  private forget(dataId: object): void {
    const tensor = this.tensors.get(dataId)
    if (!tensor) return
    this.tensors.delete(dataId)
    this.parts[tensor.weight ? 'weights' : 'tensors'] -= tensor.bytes
    tensor.addresses.forEach((address) => this.heap.free(address))
    this.remove(this.ofWeights.get(dataId))
    this.ofWeights.delete(dataId)
  }

  private remove(operator: Operator | undefined): void {
    if (!operator) return
    this.parts.copies -= operator.copies
    this.parts.tables -= operator.tables
    operator.addresses.forEach((address) => this.heap.free(address))
    if (operator.tableAddress !== undefined) this.heap.free(operator.tableAddress)
  }

  private operate({ weights, key, blocks }: Needed): void {
    const known = weights ? this.ofWeights.get(weights.dataId) : this.shared.get(key)
    const operator = known ?? this.made(blocks)
    if (weights) this.ofWeights.set(weights.dataId, operator)
    else this.shared.set(key, operator)
    if (blocks.table <= operator.tables) return
    // A larger table is made before the smaller goes.
    const old = operator.tableAddress
    this.parts.tables += blocks.table - operator.tables
    operator.tables = blocks.table
    operator.tableAddress = this.allocate(blocks.table)
    if (old !== undefined) this.heap.free(old)
  }

  private made({ once }: Blocks): Operator {
    const copies = once.reduce((sum, bytes) => sum + bytes, 0)
    this.parts.copies += copies
    return { addresses: once.map((bytes) => this.allocate(bytes)), copies, tables: 0 }
  }

  private allocate(bytes: number): number {
    const address = this.heap.allocate(bytes)
    if (this.heap.overflowed || this.heap.end > USABLE)
      this.overflow ??= { node: this.node, parts: { ...this.parts } }
    return address
  }
}

interface Needed {
  /** The tensor that the operator is found by and goes with. */
  readonly weights?: TensorInfo
  /** What it is found by where there is none. */
  readonly key: string
  readonly blocks: Blocks
}

/** The operator of XNNPACK that a kernel of tfjs makes; `undefined` for those that allocate next to nothing. */
function operatorOf(name: string, call: NamedCall): Needed | undefined {
  const typed = call as Parameters<typeof convInfo>[0] & Parameters<typeof poolInfo>[0]
  const withWeights = (input: string, blocks: Blocks): Needed => ({
    weights: inputOf(call, input),
    key: '',
    blocks,
  })
  switch (name) {
    case 'Conv2D':
    case 'FusedConv2D':
      return withWeights('filter', denseBlocks(convInfo(typed, false)))
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2D':
      return withWeights('filter', depthwiseBlocks(convInfo(typed, true)))
    case 'AvgPool':
    case 'MaxPool': {
      const info = poolInfo(typed)
      const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth, inChannels } = info
      const { top, right, bottom, left } = padInfo
      const window = [filterHeight, filterWidth, strideHeight, strideWidth, top, right, bottom, left]
      const key = [name, inChannels, ...window].join()
      return { key, blocks: poolBlocks(info, name === 'AvgPool' ? 'avg' : 'max') }
    }
    case 'ResizeBilinear': {
      const { size } = call.attributes as { size: readonly number[] }
      const { shape } = inputOf(call, 'images')
      return { key: [name, ...shape.slice(1), ...size].join(), blocks: bilinearBlocks([1, ...size]) }
    }
    case '_FusedMatMul':
      return withWeights('b', productBlocks(inputOf(call, 'b').shape))
    case 'Prelu':
      return withWeights('alpha', preluBlocks(inputOf(call, 'alpha').shape))
    default:
      return undefined
  }
}
