import type { Label } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../source/span.ts'
import { isProblem, type Problem } from '../ops/definition.ts'
import { operatorOf, spellings } from '../ops/index.ts'
import { formatShape } from '../tensor-type.ts'
import { provenanceOf, type Context, type Frame } from './context.ts'
import { MAX_OPERATORS } from '../limits.ts'
import { operatorArguments } from './operator-arguments.ts'
import { sizeAdvice } from './size-advice.ts'
import { poison, type GivenArgument, type TensorValue, type Value } from './values.ts'

/** A tensor and the expression that it came from. */
export interface InputTensor {
  readonly value: TensorValue
  readonly span: Span
}

/** One use of an operator in the source. */
export interface OperatorCall {
  readonly name: string
  readonly given: readonly GivenArgument[]
  readonly inputs: readonly InputTensor[]
  readonly span: Span
  /** Chooses the node's path; asked only when a node is made. */
  readonly path: () => string
}

/** Adds a node for the call, or reports what is wrong with it. Several outputs come as a list. */
export function applyOperator(context: Context, frame: Frame, call: OperatorCall): Value {
  const spelled = spellings.get(call.name)
  if (spelled === undefined) throw new Error(`operator ${call.name} is not in the table`)
  const definition = operatorOf(spelled.op)
  const complete = operatorArguments(context, frame, spelled.spelling, call.given, call.span)
  if (complete === undefined) return poison

  const types = call.inputs.map(({ value }) => value.type)
  const attributes = spelled.spelling.attributes(complete.values, types)
  if (isProblem(attributes)) return explain(context, frame, call, complete.matched, attributes)
  const [only] = call.inputs
  if (definition.isIdentity?.(attributes) === true && only !== undefined) return only.value
  const outputs = definition.infer(attributes, types)
  if (isProblem(outputs)) return explain(context, frame, call, complete.matched, outputs)

  if (context.builder.size >= MAX_OPERATORS) context.stop('E0508', call.span, { limit: MAX_OPERATORS })
  const path = call.path()
  context.step(call.span, workOf(frame, call, path) + outputs.length)
  const ids = context.builder.add(
    {
      op: spelled.op,
      path,
      attributes,
      inputs: call.inputs.map(({ value }) => value.id),
      provenance: provenanceOf(frame.trail, call.span),
      span: call.span,
      biasIsOpen: definition.deferredBias === true && complete.values.bias === undefined,
    },
    outputs,
  )
  const results = ids.map((id, index): Value => {
    const type = outputs[index]
    return type === undefined ? poison : { kind: 'tensor', id, type }
  })
  return results.length === 1 ? (results[0] ?? poison) : { kind: 'list', items: results }
}

/** Steps that making a node counts for. */
const NODE_WORK = 20
/** Characters that a node keeps of names and places count for a step together. */
const CHARACTERS_PER_STEP = 8

/** What a node costs in time and memory. Its names count: each operator of a graph repeats those that lead to it. */
function workOf({ trail }: Frame, { span, inputs }: OperatorCall, path: string): number {
  const place = span.file.path.length
  const chain = trail.blocks.reduce((sum, { name }) => sum + name.length + place, place)
  return NODE_WORK + inputs.length + Math.ceil((path.length + chain) / CHARACTERS_PER_STEP)
}

/** Turns an operator's problem into a diagnostic at the argument, the inputs or the call it blames. */
function explain(
  context: Context,
  frame: Frame,
  call: OperatorCall,
  matched: ReadonlyMap<string, GivenArgument>,
  { problem, facts, blame }: Problem,
): Value {
  const argument = blame !== undefined && 'argument' in blame ? matched.get(blame.argument) : undefined
  const shapes = call.inputs.map(({ value, span }): Label => ({ span, text: formatShape(value.type) }))
  const labels = shapes.filter(({ span }) => span.start !== call.span.start || span.end !== call.span.end)
  const help = problem === 'E0306' ? listHelp(call) : undefined
  const known = joins.has(problem) ? Object.assign({}, facts, sizesOf(context, call, blame)) : facts
  return context.reportIn(frame, problem, argument?.span ?? call.span, known, { labels, help })
}

/** Problems of two maps whose sizes should be the same. */
const joins: ReadonlySet<string> = new Set(['E0312', 'E0313'])
/** For more mistakes than this nobody looks back to where the sizes come from. */
const MOST_ADVISED = 10

/** Why the input that is blamed has another size than the first that differs from it. */
function sizesOf(context: Context, { inputs, span }: OperatorCall, blame: Problem['blame']): object {
  const blamed = blame !== undefined && 'input' in blame ? inputs[blame.input]?.value : undefined
  const [, ...size] = blamed?.type.shape ?? []
  const other = inputs.find(({ value: { type } }) =>
    size.some((side, at) => ![1, side].includes(type.shape[at + 1] ?? 1)),
  )
  if (blamed === undefined || other === undefined || context.diagnostics.length >= MOST_ADVISED) return {}
  const sizes = sizeAdvice(context.builder, other.value.id, blamed.id, span)
  return sizes === undefined ? {} : { sizes }
}

/** Several tensors from one place are a list that was taken for a single tensor. */
function listHelp({ inputs: [first, ...others] }: OperatorCall): string | undefined {
  const isList = others.length > 0 && others.every(({ span }) => span === first?.span)
  return isList
    ? `what flows is a list of ${others.length + 1} tensors: take one of them, such as \`x[0]\``
    : undefined
}
