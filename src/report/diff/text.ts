import type { Difference, Side } from '../../analysis/diff/difference.ts'
import { printable } from '../../diagnostics/printable.ts'
import { shapeText } from '../facts/words.ts'
import { painterOf } from '../paint.ts'
import { tableText } from '../table.ts'
import { wrapped } from '../wrapped.ts'
import { partTable, totalTable } from './tables.ts'

export interface DiffTextOptions {
  /** Whether to list the layers of changed blocks too. */
  readonly layers?: boolean
  /** Columns of the terminal; default: as wide as it needs. */
  readonly width?: number
  readonly color?: boolean
}

/** The report for people: both networks as a whole, and what happened to each part and block. */
export function diffText(difference: Difference, options: DiffTextOptions = {}): string {
  const width = Math.max(40, options.width ?? Infinity)
  const paint = painterOf(options.color ?? false)
  const parts = partTable(difference, { blocks: true, layers: options.layers ?? false })
  return `${[
    paint('title', titleOf(difference)),
    ...wrapped(conditionsOf(difference), width),
    '',
    ...tableText(totalTable(difference), width, paint),
    '',
    ...tableText(parts, width, paint),
    '',
    ...wrapped(LEGEND, width),
  ].join('\n')}\n`
}

export const LEGEND = 'parameters, MACs and bytes an image; ~ changed, + added, - removed'

export const titleOf = ({ before, after }: Difference): string =>
  `${printable(before.label)} -> ${printable(after.label)}`

/** As what both run, and what they take in. */
export function conditionsOf({ before, after }: Difference): string {
  const { engine, mode, precision, layout, batch } = after.run
  const [from, to] = [before, after].map(({ input }) => shapeText(input))
  const input = from === to ? `${to ?? ''} images` : `${from ?? ''} -> ${to ?? ''} images`
  return [engine, mode, precision, layout, `batch ${batch}`, input, ...deviceOf(after)].join(', ')
}

const deviceOf = ({ device }: Side): string[] =>
  device === undefined ? [] : [`${printable(device.title)} (${device.model})`]
