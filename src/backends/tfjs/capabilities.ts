/** Where tfjs backends differ in what is fast, or possible. Results are equal either way. */
export interface Capabilities {
  /**
   * A grouped convolution is carried out as several dense ones. Groups are merged, with zeros between them,
   * until a dense one has at least this many input channels: narrow ones waste a vectorised kernel, wide ones
   * multiply zeros. 1 keeps every group by itself.
   */
  readonly groupWidth: number
  /** Whether x * scale + shift per channel is best done as a 1x1 depthwise convolution with bias. */
  readonly affineAsDepthwise: boolean
  /** Whether pools take explicit padding; where they do not, the map is padded before. */
  readonly paddedPools: boolean
}

/** Safe everywhere: backends without an entry of their own use it. */
const plain: Capabilities = { groupWidth: 1, affineAsDepthwise: false, paddedPools: true }

const known: Readonly<Record<string, Capabilities>> = {
  // Measured on the 3x3 convolutions of ResNeXt-50 32x4d: 32 channels are fastest in every stage.
  wasm: { ...plain, groupWidth: 32, affineAsDepthwise: true },
  // Of tfjs-node: its pools throw on any padding that is neither "same" nor "valid" (tfjs-node 4.22, AvgPool.ts, MaxPool.ts).
  tensorflow: { ...plain, paddedPools: false },
}

/** Capabilities of a tfjs backend, by the name it is registered under. */
export const capabilitiesOf = (backend: string): Capabilities => known[backend] ?? plain
