import { sum } from '../sum.ts'
import { elements, type TensorType } from '../tensor-type.ts'
import type { Backward, Cost, Forward, Saves } from './definition.ts'

export const totalElements = (types: readonly TensorType[]): number =>
  types.reduce((sum, type) => sum + elements(type), 0)

/** Nothing is kept from the forward to the backward pass. */
export const savesNothing: Saves = { inputs: [], outputs: [], statistics: 0, indices: 0, mask: 0 }

/** Input `index`, or all of them. */
export const savesInputs = (...inputs: readonly number[]): Saves => ({ ...savesNothing, inputs })

const savesOutput: Saves = { ...savesNothing, outputs: [0] }

/** One pass that reads every input and writes every output once, with what differs. */
export const forward = (
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
  differing: Partial<Forward> = {},
): Forward => ({
  macs: differing.macs ?? 0,
  fixedMacs: differing.fixedMacs ?? 0,
  arithmetic: differing.arithmetic ?? 0,
  reads: differing.reads ?? inputs.map(elements),
  writes: differing.writes ?? outputs.map(elements),
  indices: differing.indices ?? 0,
})

export const backward = (read: number, written: number, differing: Partial<Backward> = {}): Backward => ({
  macs: differing.macs ?? 0,
  fixedMacs: differing.fixedMacs ?? 0,
  arithmetic: differing.arithmetic ?? 0,
  read,
  written,
  indices: differing.indices ?? 0,
})

/** Of an operator whose forward pass is the same in training. */
export const inBothModes = (pass: Forward, back: Backward, saves: Saves): Cost => ({
  inference: pass,
  training: pass,
  backward: back,
  saves,
})

/** What an activation takes per element; see `activation-costs.ts`. */
export interface PointwiseCost {
  readonly forward: number
  readonly backward: number
  readonly saves: 'input' | 'output'
}

/** One tensor in, one of the same shape out. Its gradient reads the output's and what was kept, and writes one. */
export function pointwise(
  { forward: each, backward: eachBack, saves }: PointwiseCost,
  inputs: readonly TensorType[],
): Cost {
  const size = totalElements(inputs)
  return inBothModes(
    forward(inputs, inputs, { arithmetic: each * size }),
    backward(2 * size, size, { arithmetic: eachBack * size }),
    saves === 'output' ? savesOutput : savesInputs(0),
  )
}

/** Moves every element and computes nothing, in either direction. */
export const movement = (inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost =>
  inBothModes(forward(inputs, outputs), backward(totalElements(outputs), totalElements(inputs)), savesNothing)

/** Another look at the same memory: no pass touches an element. Declared, so that nothing is zero by omission. */
export function view(inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost {
  const none = forward(inputs, outputs, { reads: inputs.map(() => 0), writes: outputs.map(() => 0) })
  return inBothModes(none, backward(0, 0), savesNothing)
}

/**
 * A learned filter or matrix of `macs`. The gradient of the input takes as many again and reads the output's gradient;
 * so does the gradient of the weights, which also reads the kept input (Goodfellow et al. 2016, section 9.5).
 */
export function filtered(
  macs: number,
  reads: readonly number[],
  writes: readonly number[],
  { bias, biased }: { readonly bias: boolean; readonly biased: number },
): Cost {
  const into = sum(reads)
  const out = sum(writes)
  const added = bias ? biased : 0
  return inBothModes(
    { macs, fixedMacs: 0, arithmetic: added, reads, writes, indices: 0 },
    backward(2 * out + into + added, into, { macs: 2 * macs, arithmetic: added }),
    savesInputs(0),
  )
}
