import type { ActivationName } from '../../../../src/ir/ops/activations.ts'
import type { ArgumentValues, Backward, Cost, Forward, Saves } from '../../../../src/ir/ops/definition.ts'
import { applied, costOf, type Shape } from '../support.ts'

/** A use of an operator with the whole cost that is expected of it, each number as the arithmetic that leads there. */
export interface CostCase {
  readonly title: string
  /** How `.arch` spells it. */
  readonly use: readonly [name: string, given: ArgumentValues, ...shapes: readonly Shape[]]
  readonly inference: Partial<Forward>
  /** Where it differs from inference. */
  readonly training?: Partial<Forward>
  readonly backward: Partial<Backward>
  readonly saves: Partial<Saves>
}

const noForward: Forward = { macs: 0, fixedMacs: 0, arithmetic: 0, reads: [], writes: [], indices: 0 }
const noBackward: Backward = { macs: 0, fixedMacs: 0, arithmetic: 0, read: 0, written: 0, indices: 0 }
const noSaves: Saves = { inputs: [], outputs: [], statistics: 0, indices: 0, mask: 0 }

/** What a case does not say is 0. */
export const expectedCost = ({ inference, training = {}, backward, saves }: CostCase): Cost => ({
  inference: { ...noForward, ...inference },
  training: { ...noForward, ...inference, ...training },
  backward: { ...noBackward, ...backward },
  saves: { ...noSaves, ...saves },
})

export const actualCost = ({ use: [name, given, ...shapes] }: CostCase): Cost =>
  costOf(applied(name, given, ...shapes))

export const opOf = ({ use: [name, given, ...shapes] }: CostCase): string =>
  applied(name, given, ...shapes).op

/** An argument of type `activation`. */
export const activationValue = (name: ActivationName | 'none', slope?: number) => ({
  name,
  attributes: slope === undefined ? {} : { slope },
})
