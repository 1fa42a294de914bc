/** Bytes of one file that hold the values of tensors. */
export interface TensorStore {
  /** How diagnostics name the file. */
  readonly path: string
  /** Everything behind the header. */
  readonly data: Uint8Array
  /** Offset of `data` in the file. */
  readonly dataStart: number
}

/** What the header says of one tensor; checked against the file. */
export interface TensorEntry {
  readonly name: string
  /** Safetensors' name of the dtype: `F32`, `BF16`, `I64` ... */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its values lie in `home.data`: `begin` inclusive, `end` exclusive. */
  readonly begin: number
  readonly end: number
  /** The file that holds its values: of a checkpoint in shards, each tensor has its own. */
  readonly home: TensorStore
}

/** The tensors of one file, or of several that an index holds together. They are decoded when they are asked for. */
export interface Checkpoint {
  /** How diagnostics name it: the file, or the index of its shards. */
  readonly path: string
  /** The free text of `__metadata__`; empty for an index. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorEntry>
}

/** A checked safetensors file. */
export interface SafetensorsFile extends Checkpoint, TensorStore {}
