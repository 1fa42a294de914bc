import type { ElaborateOptions } from '../elaborate/elaborate.ts'
import { type Axis, type AxisValue, MAX_POINTS } from './axis.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { uniformStream } from '../weights/initial-weights.ts'

/** What the values of a point make of a command line that is otherwise the same. */
interface PointOptions {
  readonly elaborate: ElaborateOptions
  /** Images a step, where an axis says so. */
  readonly batch?: number
}

/** @param values one for each axis */
export function pointOptions(
  base: ElaborateOptions,
  axes: readonly Axis[],
  values: readonly AxisValue[],
): PointOptions {
  const settings = new Map(base.settings)
  let { inputSize } = base
  let batch: number | undefined
  for (const [i, { kind, name }] of axes.entries()) {
    const { expression, numbers } = values[i] ?? { text: '' }
    if (kind === 'input_size') inputSize = numbers
    else if (kind === 'batch') batch = numbers?.[0]
    else if (expression !== undefined) settings.set(name, expression)
  }
  return {
    elaborate: { ...base, settings, ...(inputSize === undefined ? {} : { inputSize }) },
    ...(batch === undefined ? {} : { batch }),
  }
}

/** Every combination of the axes' values, or some of them. */
export interface Space {
  readonly axes: readonly Axis[]
  /** How many points there are. */
  readonly size: number
  /** The values of a point, one for each axis; of whole spaces the last axis changes fastest. */
  readonly at: (point: number) => readonly AxisValue[]
}

export interface Sample {
  readonly points: number
  readonly seed: number
}

/**
 * The space of some axes. A sample has its points in the order of the whole space, each at most once, and the same ones for
 * the same seed.
 * @throws DiagnosticError E1403 for more than MAX_POINTS
 */
export function spaceOf(axes: readonly Axis[], sample?: Sample): Space {
  const whole = axes.reduce((product, { values }) => product * values.length, 1)
  const isCountable = whole <= Number.MAX_SAFE_INTEGER
  const size = Math.min(whole, sample?.points ?? whole)
  if (size > MAX_POINTS || !isCountable)
    throw new DiagnosticError([diagnose('E1403', { path: '--over' }, { points: whole, limit: MAX_POINTS })])
  if (size === whole) return { axes, size, at: (point) => combination(axes, point) }
  const chosen = drawn(whole, size, sample?.seed ?? 0)
  return { axes, size, at: (point) => combination(axes, chosen[point] ?? 0) }
}

function combination(axes: readonly Axis[], index: number): readonly AxisValue[] {
  const values: AxisValue[] = []
  let rest = index
  for (const axis of [...axes].reverse()) {
    const value = axis.values[rest % axis.values.length]
    if (value !== undefined) values.push(value)
    rest = Math.floor(rest / axis.values.length)
  }
  return values.reverse()
}

/** Some of the numbers below `whole`, each set of them as likely, by Floyd's method (doi:10.1145/30401.315746). */
function drawn(whole: number, count: number, seed: number): readonly number[] {
  const uniform = uniformStream(seed, 'sweep')
  // One draw has 32 bits, and there may be more points than that.
  const below = (limit: number): number =>
    Math.min(limit - 1, Math.floor((uniform() + uniform() / 2 ** 32) * limit))
  const chosen = new Set<number>()
  for (let last = whole - count; last < whole; last++) {
    const candidate = below(last + 1)
    chosen.add(chosen.has(candidate) ? last : candidate)
  }
  return [...chosen].sort((a, b) => a - b)
}
