/** A tensor on the host, in logical order (NCHW), batch first. */
export interface HostTensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

export interface Prediction {
  /** The first of the network's results; of most networks the only one. */
  readonly logits: HostTensor
  /** All of the network's results, in the order in which it returns them. */
  readonly outputs: readonly HostTensor[]
  /** By the names that were asked for. */
  readonly taps: ReadonlyMap<string, HostTensor>
}

/** A network with its weights on a device, whatever backend runs it. */
export interface Model {
  /** What carries it out, as the device calls itself. */
  readonly backend: string
  /**
   * Runs the network on `batch` inputs, one after another in `input` ([batch, C, H, W]). `taps` names parts or
   * paths whose values are wanted too. RangeError where the size does not match or a tap is unknown.
   */
  readonly predict: (input: Float32Array, batch: number, taps?: readonly string[]) => Promise<Prediction>
  /** Frees the weights. A second call does nothing; `predict` fails from then on. */
  readonly dispose: () => void
}
