/** What the header says of one tensor; checked against the file. */
export interface TensorEntry {
  readonly name: string
  /** Safetensors' name of the dtype: `F32`, `BF16`, `I64` ... */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its values lie in `SafetensorsFile.data`: `begin` inclusive, `end` exclusive. */
  readonly begin: number
  readonly end: number
}

/** A checked safetensors file. Its tensors are decoded when they are asked for (`decodeTensor`). */
export interface SafetensorsFile {
  /** How diagnostics name it. */
  readonly path: string
  /** The free text of `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** Everything behind the header. */
  readonly data: Uint8Array
  /** Offset of `data` in the file. */
  readonly dataStart: number
}
