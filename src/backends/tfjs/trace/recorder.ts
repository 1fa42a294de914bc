import { KernelBackend, type TensorInfo, type NamedTensorInfoMap } from '@tensorflow/tfjs-core'
import { type Filter, type Kernel, type KernelKind, makeKernel } from '../../../engines/kernel.ts'
import {
  type EngineCall,
  type MemoryPart,
  noBytes,
  noFused,
  type Storage,
  type StorageId,
} from '../../../engines/schedule.ts'

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

/** A call whose list of storages grows while tfjs still holds them. */
type RecordedCall = EngineCall & { readonly needs: StorageId[] }

/** Kernels are written down, not run, and with them the memory that tensors take from their making to their disposal. */
export class Recorder extends ShapeBackend {
  readonly calls: TfjsCall[] = []
  /** The same calls with the kernels that they launch and the storages that there are meanwhile. */
  readonly engineCalls: RecordedCall[] = []
  readonly storages: Storage[] = []
  /** Bytes of the constants that are made before the first run. */
  constantBytes = 0
  /** Index of the node whose run is going on; before the first, nothing is recorded. */
  node = -1
  private readonly storageOf = new Map<object, StorageId>()
  private launched: Kernel[] = []
  /** Storages that the kernel of tfjs at hand has made. */
  private makes: StorageId[] = []

  /** `batch`: images in the graph's inputs. */
  constructor(private readonly batch: number) {
    super()
  }

  /** Everything that was launched, in order. */
  get kernels(): readonly Kernel[] {
    return this.engineCalls.flatMap(({ kernels }) => kernels)
  }

  override make(shape: readonly number[], constant: boolean): TensorInfo {
    const tensor = super.make(shape, constant)
    const bytes = BYTES * elementsOf([tensor])
    if (this.node < 0) this.constantBytes += bytes
    else this.makes.push(this.hold(tensor, bytes, constant ? 'weight copies' : 'activations'))
    return tensor
  }

  /** From here on, a tensor of the network's input; gives its storage. */
  varyInput(tensor: TensorInfo): StorageId {
    this.vary(tensor)
    const bytes = BYTES * elementsOf([tensor])
    this.constantBytes -= bytes
    return this.hold(tensor, bytes, 'input')
  }

  /** What is made of constants alone is there once, whatever the batch. */
  private hold(tensor: TensorInfo, bytes: number, part: MemoryPart): StorageId {
    const amount = this.isConstant(tensor)
      ? { image: 0, step: bytes }
      : { image: bytes / this.batch, step: 0 }
    const storage = this.storages.push({ ...amount, part }) - 1
    this.storageOf.set(tensor.dataId, storage)
    return storage
  }

  /** tfjs lets go of a tensor after the call before. */
  override disposeData(dataId: object, force = false): boolean {
    const gone = super.disposeData(dataId, force)
    const storage = this.storageOf.get(dataId)
    if (gone && storage !== undefined) {
      this.engineCalls.at(-1)?.needs.push(storage)
      this.storageOf.delete(dataId)
    }
    return gone
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
    this.launched = []
    this.makes = []
    const outputs = this.outputsOf(kernel)
    if (this.node < 0) return outputs
    const inputs = Object.values(call.inputs)
      .flat()
      .filter((input) => input !== undefined)
    const [inputShapes, outputShapes] = [shapesOf(inputs), shapesOf(outputs)]
    this.calls.push({ name, node: this.node, inputShapes, outputShapes })
    this.engineCalls.push({
      node: this.node,
      fused: noFused,
      pass: 'forward',
      kernels: this.launched,
      needs: [...new Set(inputs.flatMap(({ dataId }) => this.storageOf.get(dataId) ?? []))],
      makes: this.makes,
      scratch: noBytes,
    })
    return outputs
  }

  private record(work: Work, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]): void {
    const { name, kind, filter } = work
    const macs = (work.macs ?? 0) / this.batch
    const arithmetic = (work.arithmetic ?? 0) / this.batch
    const bytes = this.bytesOf(work, inputs, outputs)
    this.launched.push(makeKernel(name, kind, 'fp32', { macs, arithmetic, filter, ...bytes }))
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
