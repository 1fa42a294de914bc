import type { Span } from '../source/span.ts'
import { type Place, provenanceOf } from './place.ts'
import {
  describe,
  poison,
  type Callable,
  type GivenArgument,
  type Evaluated,
  type TensorValue,
  isActivation,
} from './values.ts'
import type { Label } from '../diagnostics/diagnostic.ts'
import {
  isProblem,
  type Problem,
  type ActivationValue,
  type ArgumentDefinition,
  type ArgumentType,
  type ArgumentValue,
  type ArgumentValues,
  type Spelling,
} from '../ir/ops/definition.ts'
import { operatorOf, spellings } from '../ir/ops/index.ts'
import { formatShape, tensor } from '../ir/tensor-type.ts'
import { MAX_OPERATORS } from '../ir/limits.ts'
import { sizeAdvice } from './size-advice.ts'
import { matchArguments, signatureFor, type Matchable } from './arguments.ts'

/** A value that flows into an operator or a block, and the expression it came from. */
export interface Flow {
  readonly value: Evaluated
  readonly span: Span
}

/** A tensor and the expression that it came from. */
interface InputTensor {
  readonly value: TensorValue
  readonly span: Span
}

/** The tensors that flow into an operator, lists taken apart; `undefined` after a mistake, which is reported. */
export function tensorsOf(place: Place, flows: readonly Flow[], callee: string): InputTensor[] | undefined {
  const tensors: InputTensor[] = []
  for (const flow of flows) {
    const { value: whole, span } = flow
    for (const value of whole.kind === 'list' ? whole.items : [whole]) {
      if (value.kind !== 'tensor') {
        notATensor(place, { value, span }, span, callee)
        return undefined
      }
      tensors.push({ value, span })
    }
  }
  return tensors
}

/** Reports what flows into an operator or a block and is no tensor. */
export function notATensor(place: Place, flow: Flow | undefined, span: Span, callee: string): Evaluated {
  const what = flow === undefined ? 'nothing' : describe(flow.value)
  return place.report('E0512', flow?.span ?? span, { what, wanted: `the input of \`${callee}\`` })
}

/** One use of an operator in the source. */
interface OperatorCall {
  readonly name: string
  readonly given: readonly GivenArgument[]
  readonly inputs: readonly InputTensor[]
  readonly span: Span
  /** Chooses the node's path; asked only when a node is made. */
  readonly path: () => string
}

/** Adds a node for the call, or reports what is wrong with it. Several outputs come as a list. */
export function applyOperator(place: Place, call: OperatorCall): Evaluated {
  const spelled = spellings.get(call.name)
  if (spelled === undefined) throw new Error(`operator ${call.name} is not in the table`)
  const definition = operatorOf(spelled.op)
  const complete = operatorArguments(place, spelled.spelling, call.given, call.span)
  if (complete === undefined) return poison

  const types = call.inputs.map(({ value }) => value.type)
  const attributes = spelled.spelling.attributes(complete.values, types)
  if (isProblem(attributes)) return explain(place, call, complete.matched, attributes)
  const [only] = call.inputs
  if (definition.isIdentity?.(attributes) === true && only !== undefined) return only.value
  const outputs = definition.infer(attributes, types)
  if (isProblem(outputs)) return explain(place, call, complete.matched, outputs)

  if (place.state.builder.size >= MAX_OPERATORS)
    place.state.stop('E0508', call.span, { limit: MAX_OPERATORS })
  const path = call.path()
  const chain = chainLength(place, call.span)
  place.step(call.span, nodeWork(path.length + chain, call.inputs.length) + outputs.length)
  const added = {
    op: spelled.op,
    path,
    attributes,
    inputs: call.inputs.map(({ value }) => value.id),
    provenance: provenanceOf(place.trail, call.span),
    span: call.span,
    biasIsOpen: definition.deferredBias === true && complete.values.bias === undefined,
  }
  const ids = place.state.addNode(added, outputs, chain)
  const results = ids.map((id, index): Evaluated => {
    const type = outputs[index]
    return type === undefined ? poison : { kind: 'tensor', id, type }
  })
  return results.length === 1 ? (results[0] ?? poison) : { kind: 'list', items: results }
}

/** Steps that making a node counts for. */
const NODE_WORK = 20
/** Characters that a node keeps of names and places count for a step together. */
const CHARACTERS_PER_STEP = 8

/** What the names of a node cost in steps: each operator of a graph repeats those that lead to it. */
export const nameWork = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_STEP)

/** What a node costs in time and memory, its outputs aside. */
const nodeWork = (characters: number, inputs: number): number => NODE_WORK + inputs + nameWork(characters)

/** The characters of the names and places that lead to a call. */
function chainLength({ trail }: Place, { file: { path } }: Span): number {
  let characters = path.length
  for (const { name } of trail.blocks) characters += name.length + path.length
  return characters
}

/** Turns an operator's problem into a diagnostic at the argument, the inputs or the call it blames. */
function explain(
  place: Place,
  call: OperatorCall,
  matched: ReadonlyMap<string, GivenArgument>,
  { problem, facts, blame }: Problem,
): Evaluated {
  const argument = blame !== undefined && 'argument' in blame ? matched.get(blame.argument) : undefined
  const shapes = call.inputs.map(({ value, span }): Label => ({ span, text: formatShape(value.type) }))
  const labels = shapes.filter(({ span }) => span.start !== call.span.start || span.end !== call.span.end)
  const help = problem === 'E0306' ? listHelp(call) : undefined
  const known = joins.has(problem) ? Object.assign({}, facts, sizesOf(place, call, blame)) : facts
  return place.report(problem, argument?.span ?? call.span, known, { labels, help })
}

/** Problems of two maps whose sizes should be the same. */
const joins: ReadonlySet<string> = new Set(['E0312', 'E0313'])
/** For more mistakes than this nobody looks back to where the sizes come from. */
const MOST_ADVISED = 10

/** Why the input that is blamed has another size than the first that differs from it. */
function sizesOf(place: Place, { inputs, span }: OperatorCall, blame: Problem['blame']): object {
  const blamed = blame !== undefined && 'input' in blame ? inputs[blame.input]?.value : undefined
  const [, ...size] = blamed?.type.shape ?? []
  const other = inputs.find(({ value: { type } }) =>
    size.some((side, at) => ![1, side].includes(type.shape[at + 1] ?? 1)),
  )
  if (blamed === undefined || other === undefined || place.state.diagnostics.length >= MOST_ADVISED) return {}
  const sizes = sizeAdvice(place.state.builder, other.value.id, blamed.id, span)
  return sizes === undefined ? {} : { sizes }
}

/** Several tensors from one place are a list that was taken for a single tensor. */
function listHelp({ inputs: [first, ...others] }: OperatorCall): string | undefined {
  const isList = others.length > 0 && others.every(({ span }) => span === first?.span)
  return isList
    ? `what flows is a list of ${others.length + 1} tensors: take one of them, such as \`x[0]\``
    : undefined
}

interface OperatorArguments {
  readonly values: ArgumentValues
  readonly matched: ReadonlyMap<string, GivenArgument>
}

/** Matches, type-checks and completes the arguments of an operator; `undefined` after a reported mistake. */
function operatorArguments(
  place: Place,
  spelling: Pick<Spelling<never>, 'name' | 'arguments'>,
  given: readonly GivenArgument[],
  span: Span,
): OperatorArguments | undefined {
  const matched = matchArguments(
    place,
    spelling.name,
    signatureFor(spelling.arguments, matchable),
    given,
    span,
  )
  if (matched === undefined) return undefined
  const values: Record<string, ArgumentValue | undefined> = {}
  for (const definition of spelling.arguments) {
    const argument = matched.get(definition.name)
    if (argument?.value.kind === 'poison') return undefined
    const value = argument === undefined ? definition.default : toArgument(place, definition, argument)
    if (argument !== undefined && value === undefined) return undefined
    values[definition.name] = value
  }
  return { values, matched }
}

function matchable({ name, type, default: value, optional }: ArgumentDefinition): Matchable {
  const text = () =>
    `${name}: ${type}${value === undefined ? (optional === true ? '?' : '') : ` = ${show(value)}`}`
  return { name, required: value === undefined && optional !== true, text }
}

const show = (value: ArgumentValue): string =>
  typeof value === 'object' && 'attributes' in value ? value.name : JSON.stringify(value)

function toArgument(
  place: Place,
  { name, type }: ArgumentDefinition,
  { value, span }: GivenArgument,
): ArgumentValue | undefined {
  const converted = type === 'activation' ? toActivation(place, value, span) : convert(value, type)
  if (converted === undefined && !(type === 'activation' && isActivation(value)))
    place.report('E0401', span, {
      what: `\`${name}\``,
      wanted: wanted[type],
      found: describe(value),
    })
  return converted
}

const wanted: Record<ArgumentType, string> = {
  int: 'an int',
  'int[]': 'a list of int',
  float: 'a number',
  bool: 'a bool',
  string: 'a string',
  size: 'an int, or a list of two (height, width)',
  padding: 'a string such as "same", an int, or a list of two or four ints',
  activation: 'an activation such as `relu`',
}

function convert(value: Evaluated, type: ArgumentType): ArgumentValue | undefined {
  switch (type) {
    case 'int':
      return value.kind === 'int' ? value.value : undefined
    case 'float':
      return value.kind === 'int' || value.kind === 'float' ? value.value : undefined
    case 'bool':
      return value.kind === 'bool' ? value.value : undefined
    case 'string':
      return value.kind === 'string' ? value.value : undefined
    case 'int[]':
      return ints(value)
    case 'size':
      return value.kind === 'int' ? value.value : ints(value, [2])
    case 'padding':
      return value.kind === 'int' || value.kind === 'string' ? value.value : ints(value, [2, 4])
    case 'activation':
      return undefined
  }
}

function ints(value: Evaluated, lengths?: readonly number[]): readonly number[] | undefined {
  if (value.kind !== 'list' || lengths?.includes(value.items.length) === false) return undefined
  const numbers = value.items.flatMap((item) => (item.kind === 'int' ? [item.value] : []))
  return numbers.length === value.items.length ? numbers : undefined
}

/** `leaky_relu(1e-3)` as data: its name and the attributes that its operator would have. */
function toActivation(place: Place, value: Evaluated, span: Span): ActivationValue | undefined {
  if (!isActivation(value) || value.kind !== 'callable') return undefined
  return activationOf(place, value, span)
}

function activationOf(place: Place, { target, given }: Callable, span: Span): ActivationValue | undefined {
  if (target.kind === 'block') return undefined
  if (target.kind === 'identity') return { name: target.name, attributes: {} }
  const spelled = spellings.get(target.name)
  if (spelled === undefined) return undefined
  const complete = operatorArguments(place, spelled.spelling, given, span)
  if (complete === undefined) return undefined
  // An activation has the same attributes on every tensor, so any will do to ask for them.
  const attributes = spelled.spelling.attributes(complete.values, [tensor(1, 1, 1)])
  if (!isProblem(attributes)) return { name: spelled.op, attributes }
  place.report(attributes.problem, span, attributes.facts)
  return undefined
}
