import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import type { Filter, Kernel, KernelKind } from '../../../analysis/execution/kernel.ts'
import { ShapeBackend } from './shape-backend.ts'

/** Bytes of a number: tfjs computes in fp32 (webgl in fp16 on some mobile devices, which is not looked at). */
const BYTES = 4

/** What one launch does, for the whole batch. */
export interface Work {
  readonly name: string
  readonly kind: KernelKind
  readonly macs?: number
  readonly arithmetic?: number
  readonly filter?: Filter
  /** Elements read, where these are not all elements of the inputs. */
  readonly reads?: number
}

/** One call of a tfjs kernel by a node's run, as tfjs's own profile lists it. */
export interface TfjsCall {
  readonly name: string
  readonly node: number
  readonly inputShapes: readonly (readonly number[])[]
  readonly outputShapes: readonly (readonly number[])[]
}

/** How a kernel of tfjs is called: its inputs by name (of Concat a list), and its attributes. */
export interface NamedCall {
  readonly inputs: NamedTensorInfoMap
  readonly attributes: unknown
}

/** Kernels are written down, not run. */
export class Recorder extends ShapeBackend {
  readonly kernels: Kernel[] = []
  readonly calls: TfjsCall[] = []
  /** Index of the node whose run is going on; before the first, nothing is recorded. */
  node = -1

  /** `batch`: images in the graph's inputs. */
  constructor(private readonly batch: number) {
    super()
  }

  /** A pass over memory from `inputs` to one tensor. */
  launch(work: Work, inputs: readonly TensorInfo[], shape: readonly number[]): TensorInfo {
    const output = this.make(shape, inputs.every(this.isConstant))
    this.record(work, inputs, [output])
    return output
  }

  /** As `launch`, to several tensors. */
  launchMany(
    work: Work,
    inputs: readonly TensorInfo[],
    shapes: readonly (readonly number[])[],
  ): TensorInfo[] {
    const outputs = shapes.map((shape) => this.make(shape, inputs.every(this.isConstant)))
    this.record(work, inputs, outputs)
    return outputs
  }

  /** Runs one kernel of tfjs. */
  perform(name: string, call: NamedCall, kernel: () => TensorInfo | TensorInfo[]): TensorInfo[] {
    const outputs = this.outputsOf(kernel)
    const inputs = Object.values(call.inputs).filter((input) => input !== undefined)
    const [inputShapes, outputShapes] = [shapesOf(inputs), shapesOf(outputs)]
    if (this.node >= 0) this.calls.push({ name, node: this.node, inputShapes, outputShapes })
    return outputs
  }

  private record(work: Work, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]): void {
    const { name, kind, filter } = work
    this.kernels.push({
      name,
      kind,
      node: this.node,
      fused: [],
      pass: 'forward',
      macs: (work.macs ?? 0) / this.batch,
      arithmetic: (work.arithmetic ?? 0) / this.batch,
      type: 'fp32',
      unit: 'vector',
      ...this.bytesOf(work, inputs, outputs),
      ...(filter ? { filter } : {}),
    })
  }

  /** What is made of constants alone is work on weights, done anew in every step. */
  private bytesOf(
    { reads }: Work,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
  ): Pick<Kernel, 'read' | 'written' | 'weights'> {
    const distinct = [...new Map(inputs.map((input) => [input.dataId, input])).values()]
    const moving = distinct.filter((input) => !this.isConstant(input))
    const constants = BYTES * elementsOf(distinct.filter(this.isConstant))
    const written = BYTES * elementsOf(outputs)
    if (moving.length === 0) return { read: 0, written: 0, weights: constants + written }
    const read = BYTES * (reads ?? elementsOf(moving))
    return { read: read / this.batch, written: written / this.batch, weights: constants }
  }
}

const shapesOf = (tensors: readonly TensorInfo[]): number[][] => tensors.map(({ shape }) => [...shape])

const elementsOf = (tensors: readonly TensorInfo[]): number =>
  tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
