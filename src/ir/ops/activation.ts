import { activationCosts } from './activation-costs.ts'
import type { ActivationName } from './activation-names.ts'
import { pointwise } from './cost.ts'
import type { OpDefinition } from './definition.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

/** An activation without attributes, which keeps the shape. */
export const plainActivation = <const N extends ActivationName>(
  name: N,
  doc: string,
): OpDefinition & { readonly name: N } =>
  operator({
    name,
    doc,
    takes: 'any',
    work: 'pointwise',
    attributes: {},
    spellings: [spelling({ name, doc, arguments: {}, attributes: () => ({}) })],
    infer: sameType,
    cost: (_, inputs) => pointwise(activationCosts[name], inputs),
    isActivation: true,
  })
