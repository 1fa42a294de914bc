import type { ElaborateOptions } from '../../ir/elaborate/elaborate.ts'
import type { Axis, AxisValue } from './axis.ts'

/** What the values of a point make of a command line that is otherwise the same. */
export interface PointOptions {
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
