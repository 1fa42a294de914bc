import type { ArgumentValues, Attributes, Cost, Problem } from '../../../src/ir/ops/definition.ts'
import { isProblem } from '../../../src/ir/ops/definition.ts'
import { operatorOf, spellings, type OpName } from '../../../src/ir/ops/index.ts'
import { tensor, type TensorType } from '../../../src/ir/tensor-type.ts'
import { diagnose } from '../../../src/diagnostics/diagnose.ts'

export type Shape = readonly number[]

export const tensors = (shapes: readonly Shape[]): TensorType[] => shapes.map((shape) => tensor(...shape))

interface Applied {
  readonly op: OpName
  readonly attributes: Attributes
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
}

/** What the elaborator does with a call: arguments to attributes, attributes to shapes. */
export function apply(name: string, given: ArgumentValues, shapes: readonly Shape[]): Applied | Problem {
  const found = spellings.get(name)
  if (found === undefined) throw new Error(`no spelling ${name}`)
  const inputs = tensors(shapes)
  const attributes = found.spelling.attributes(given, inputs)
  if (isProblem(attributes)) return attributes
  const outputs = operatorOf(found.op).infer(attributes, inputs)
  return isProblem(outputs) ? outputs : { op: found.op, attributes, inputs, outputs }
}

export function applied(name: string, given: ArgumentValues, ...shapes: readonly Shape[]): Applied {
  const result = apply(name, given, shapes)
  if (isProblem(result)) throw new Error(textOf(result))
  return result
}

export const outputShapes = (name: string, given: ArgumentValues, ...shapes: readonly Shape[]): Shape[] =>
  applied(name, given, ...shapes).outputs.map(({ shape }) => shape)

export function refused(name: string, given: ArgumentValues, ...shapes: readonly Shape[]): Problem {
  const result = apply(name, given, shapes)
  if (!isProblem(result)) throw new Error(`${name} took ${JSON.stringify(given)}`)
  return result
}

/** The problem as its reader sees it. */
export function textOf({ problem, facts }: Problem): string {
  const { code, message, help } = diagnose(problem, { path: 'a.arch' }, facts)
  return `${code}: ${message}${help === undefined ? '' : `\nhelp: ${help}`}`
}

export function costOf({ op, attributes, inputs, outputs }: Applied): Cost {
  return operatorOf(op).cost(attributes, inputs, outputs)
}

export const parametersOf = ({ op, attributes, inputs }: Applied) =>
  operatorOf(op).parameters?.(attributes, inputs) ?? []
