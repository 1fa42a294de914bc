import type { Statement, Expression, Name, Stage, StageLine } from '../parser/ast.ts'
import type { Context, Frame } from './context.ts'
import { isPart, definePart } from './parts.ts'
import {
  poison,
  type Value,
  describe,
  int,
  isFlow,
  isPoisoned,
  nameOfTarget,
  type Callable,
  type GivenArgument,
} from './values.ts'
import { apply } from './apply.ts'
import { evaluate, integer, lookUp } from './evaluate.ts'
import { Naming } from './graph-builder.ts'
import { plug, reportSlot, settlePlacements } from './placements.ts'

/**
 * Passes over statements of which nobody knows whether they would have run, because their condition or their
 * list is mistaken. What they might have bound is poison, so that its uses stay silent; so is what they might
 * have returned.
 */
export function skip(
  context: Context,
  frame: Frame,
  statements: readonly Statement[],
): readonly Value[] | undefined {
  let returned: readonly Value[] | undefined
  for (const statement of statements) {
    context.step(statement.span)
    for (const name of namesOf(statement)) frame.variables.set(name, poison)
    if (frame.kind === 'network' && setsRunningTensor(statement)) frame.variables.set('x', poison)
    returned = (statement.kind === 'return' ? [poison] : skip(context, frame, bodyOf(statement))) ?? returned
  }
  return returned
}

function namesOf(statement: Statement): readonly string[] {
  if (statement.kind === 'bind') return statement.targets.map(({ text }) => text)
  if (statement.kind === 'stage') return [statement.name.text]
  return statement.kind === 'for' ? [statement.variable.text] : []
}

const setsRunningTensor = (statement: Statement): boolean =>
  statement.kind === 'input' || statement.kind === 'stage' || (statement.kind === 'bind' && isPart(statement))

function bodyOf(statement: Statement): readonly Statement[] {
  if (statement.kind === 'for') return statement.body
  return statement.kind === 'if' ? [...statement.then, ...(statement.else ?? [])] : []
}

/** A stage may repeat its block this often; far more than any network does. */
const MAX_REPETITIONS = 1000

/** Unrolls a stage: every line's block, as often as it says, each fed by the one before. */
export function executeStage(context: Context, frame: Frame, stage: Stage): void {
  const name = stage.name.text
  const slotsOfStage = new Set<string>()
  let x = lookUp(context, frame, 'x', stage.name.span)
  let done = 0
  for (const line of stage.lines) {
    context.slotsSeen.clear()
    const count = line.count === undefined ? 1 : (repetitions(context, frame, line.count) ?? 0)
    x = count === 0 ? poison : unroll(context, frame, stage, line, x, done, count)
    done += count
    if (isPoisoned(x)) continue
    for (const { slot } of line.withs)
      if (!context.slotsSeen.has(slot.text)) reportSlot(context, frame, slot, context.slotsSeen)
    for (const slot of context.slotsSeen) slotsOfStage.add(slot)
  }
  if (!isPoisoned(x)) settlePlacements(context, frame, name, slotsOfStage)
  for (const slot of slotsOfStage) context.slotsOfNetwork.add(slot)
  definePart(context, frame, 'stage', stage.name, x)
}

/** The repetitions of one line; `done` repetitions of the stage came before. */
function unroll(
  context: Context,
  frame: Frame,
  { name: { text: part, span: partSpan } }: Stage,
  line: StageLine,
  input: Value,
  done: number,
  count: number,
): Value {
  const stride = line.stride === undefined ? undefined : evaluate(context, frame, line.stride)
  let x = input
  for (let i = 0; i < count; i++) {
    context.step(line.span, frame.variables.size + (x.kind === 'list' ? x.items.length : 0))
    const repetition = done + i
    context.builder.pipelines.end(x)
    const variables = new Map(frame.variables).set('i', int(i)).set('n', int(count)).set('x', x)
    const naming = new Naming(`${part}.${repetition}`)
    const inside = { ...frame, naming, variables, trail: { ...frame.trail, part, partSpan, repetition } }
    x = repeat(context, inside, line, x, i === 0 ? stride : stride && int(1))
  }
  return x
}

function repetitions(context: Context, frame: Frame, count: Expression): number | undefined {
  const value = integer(context, frame, count, 'the count of a stage')
  if (value === undefined) return undefined
  if (value > MAX_REPETITIONS)
    context.reportIn(frame, 'E0507', count.span, { count: value, limit: MAX_REPETITIONS })
  else if (value < 1) context.reportIn(frame, 'E0503', count.span, { count: value })
  else return value
  return undefined
}

/** One repetition: the block with its stride, and the modules that this repetition plugs into its slots. */
function repeat(
  context: Context,
  outside: Frame,
  line: StageLine,
  x: Value,
  stride: Value | undefined,
): Value {
  const frame = { ...outside, slots: plug(context, outside, line) }
  const { span } = line.block
  const block = evaluate(context, frame, line.block)
  if (block.kind === 'poison' || isPoisoned(x) || stride?.kind === 'poison') return poison
  // A pipeline has already run, from `x` on.
  if (isFlow(block)) return stride === undefined ? block : noStride(context, frame, line, 'a pipeline')
  if (block.kind !== 'callable') {
    const facts = { what: 'what a stage repeats', wanted: 'a block or a pipeline', found: describe(block) }
    return context.reportIn(frame, 'E0401', span, facts)
  }
  if (block.label !== undefined) return needsNoName(context, frame, block.label)
  const callable = stride === undefined ? block : withStride(context, frame, block, stride, line)
  if (callable === undefined) return poison
  // The arguments may have made operators of this repetition: the block's names follow theirs.
  const { naming } = frame
  return apply(context, frame, callable, { value: x, span }, span, { path: naming.prefix, naming })
}

/** `as` on the block itself would give all repetitions one name. */
const needsNoName = (context: Context, frame: Frame, { span }: Name): Value =>
  context.reportIn(frame, 'E0506', span, {
    statement: 'as',
    place: 'what a stage repeats: each repetition has its number for a name',
  })

/** The stage's stride becomes the block's argument `stride`. */
function withStride(
  context: Context,
  frame: Frame,
  block: Callable,
  value: Value,
  line: StageLine,
): Callable | undefined {
  const { target } = block
  if (target.kind === 'block' && !target.declaration.parameters.some(({ name }) => name.text === 'stride')) {
    noStride(context, frame, line, `\`${nameOfTarget(target)}\``)
    return undefined
  }
  const span = line.stride?.span ?? line.span
  const stride: GivenArgument = { name: { text: 'stride', span }, value, span }
  return { ...block, given: [...block.given, stride] }
}

const noStride = (context: Context, frame: Frame, line: StageLine, what: string): Value =>
  context.reportIn(frame, 'E0502', line.stride?.span ?? line.span, { what })
