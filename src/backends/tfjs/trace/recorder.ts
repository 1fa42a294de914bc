import { KernelBackend, type TensorInfo, type NamedTensorInfoMap } from '@tensorflow/tfjs-core'
import type { Filter, Kernel, KernelKind } from '../../../engines/kernel.ts'

/** How webgl keeps a tensor: four numbers a texel or one, laid out for a shape. */
export interface Texture {
  readonly packed: boolean
  readonly shape: readonly number[]
}

/** What is known of a tensor's data. */
interface Data {
  /** Made of constants only: a parameter, or a number in the lowering. */
  constant: boolean
  references: number
  texture?: Texture
}

/** A tfjs backend without numbers: tensors have shapes and nothing else. */
class ShapeBackend extends KernelBackend {
  private readonly data = new Map<object, Data>()
  /** What the kernel at hand has made. */
  private fresh: object[] = []

  make(shape: readonly number[], constant: boolean): TensorInfo {
    const dataId = {}
    this.data.set(dataId, { constant, references: 1 })
    this.fresh.push(dataId)
    return { dataId, shape: [...shape], dtype: 'float32' }
  }

  readonly isConstant = ({ dataId }: TensorInfo): boolean => this.dataOf(dataId).constant

  /** From here on, a tensor of the network's input. */
  vary({ dataId }: TensorInfo): void {
    this.dataOf(dataId).constant = false
  }

  textureOf({ dataId }: TensorInfo): Texture | undefined {
    return this.dataOf(dataId).texture
  }

  setTexture({ dataId }: TensorInfo, texture: Texture): void {
    this.dataOf(dataId).texture = texture
  }

  /**
   * The outputs of a kernel of tfjs. Tensors that it makes and does not hand on are forgotten; older ones that it
   * hands on are held once more, as tensors of their own.
   */
  protected outputsOf(kernel: () => TensorInfo | TensorInfo[]): TensorInfo[] {
    this.fresh = []
    const outputs = [kernel()].flat().map(({ dataId, shape, dtype }) => ({ dataId, shape, dtype }))
    const fresh = new Set(this.fresh)
    for (const { dataId } of outputs) if (!fresh.delete(dataId)) this.incRef(dataId)
    for (const dataId of fresh) this.data.delete(dataId)
    return outputs
  }

  /** Numbers in the lowering become constants like others. */
  override write(_: unknown, shape: number[]): object {
    return this.make(shape, true).dataId
  }

  override incRef(dataId: object): void {
    this.dataOf(dataId).references++
  }

  override refCount(dataId: object): number {
    return this.data.get(dataId)?.references ?? 0
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.data.get(dataId)
    if (!data) return true
    data.references--
    if (data.references > 0 && !force) return false
    this.data.delete(dataId)
    return true
  }

  override numDataIds(): number {
    return this.data.size
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false }
  }

  override dispose(): void {
    this.data.clear()
  }

  private dataOf(dataId: object): Data {
    const data = this.data.get(dataId)
    if (!data) throw new Error('a tensor of another backend in a trace')
    return data
  }
}

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
