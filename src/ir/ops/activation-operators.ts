import {
  activationCosts,
  activationNames,
  activationOf,
  type ActivationName,
  type activations,
} from './activations.ts'
import { pointwise } from './cost.ts'
import type { Attributes, OpDefinition } from './definition.ts'
import { finite } from './kinds.ts'
import { operator, type Operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

/** The attributes of an activation: the number that it takes, if any. */
type AttributesOfActivation<N extends ActivationName> = (typeof activations)[N] extends {
  readonly parameter: { readonly name: infer P extends string }
}
  ? Readonly<Record<P, number>>
  : Attributes

type ActivationOperators = {
  readonly [N in ActivationName]: Operator<N, AttributesOfActivation<N>, 'rules'>
}

/** An activation as an operator that keeps the shape. */
function operatorOfActivation(name: ActivationName): OpDefinition {
  const { doc, use = doc, parameter } = activationOf(name)
  const named = <T>(value: T): Readonly<Record<string, T>> =>
    parameter === undefined ? {} : { [parameter.name]: value }
  const complete = operator({
    name,
    doc,
    takes: 'any',
    work: 'pointwise',
    counters: 'rules',
    reference: {
      chapter: 'Activations',
      result: 'the shape of its input',
      examples: {
        [name]: ['64 x 56 x 56', `x -> ${name}${parameter === undefined ? '' : `(${parameter.example})`}`],
      },
    },
    attributes: named(finite),
    spellings: [
      spelling({
        name,
        doc: use,
        arguments: parameter === undefined ? {} : named(argument(finite, parameter.doc, parameter.default)),
        attributes: (given: Readonly<Record<string, number>>) => given,
      }),
    ],
    infer: sameType,
    cost: (_, inputs) => pointwise(activationCosts[name], inputs),
    isActivation: true,
  })
  return complete as unknown as OpDefinition
}

/** The activations as operators, in the order of their table. */
export const activationOperators = Object.fromEntries(
  activationNames.map((name) => [name, operatorOfActivation(name)]),
) as unknown as ActivationOperators
