import { KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core'

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
export class ShapeBackend extends KernelBackend {
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
