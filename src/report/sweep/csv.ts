import { valueNames } from '../../analysis/sweep/outcome.ts'
import type { Sweep } from '../../analysis/sweep/sweep.ts'
import { field } from '../csv.ts'

/**
 * A row a point, in the order of the space: its settings as the command line would take them, what it costs, whether it is
 * one that no other beats (1 or 0), and of a point that is no network the code of the mistake.
 */
export function sweepCsv({ space, results, front }: Sweep): string {
  const header = [...space.axes.map(({ name }) => name), ...valueNames, 'pareto', 'error']
  const lines = [header.map(field).join(',')]
  for (let point = 0; point < results.known; point++) {
    const mistake = results.mistakeAt(point)
    const settings = space.at(point).map(({ text }) => settingField(text))
    const values = valueNames.map((value) => field(results.valueAt(point, value) ?? null))
    lines.push(
      [...settings, ...values, mistake === undefined ? Number(front[point]) : '', mistake ?? ''].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

/** A number is one to whoever reads the table, below zero too. */
const settingField = (text: string): string => (/^-?\d+(\.\d+)?$/.test(text) ? text : field(text))
