import type { Change, FigureName, Figures } from '../../analysis/diff/difference.ts'
import type { Cell } from '../table.ts'
import {
  joined,
  memoryQuantity,
  NOTHING,
  quantity,
  scaleFor,
  significant,
  type Scale,
  type Unit,
} from '../units.ts'

/** How a figure is called, and in what it is counted. */
interface Figure {
  readonly title: string
  readonly unit: Unit
  /** When its columns give way to a narrow terminal, lowest first. */
  readonly dropOrder: number
}

/** Those of the tables, in their order. */
export const shownFigures = {
  parameters: { title: 'parameters', unit: '', dropOrder: 3 },
  macs: { title: 'MACs', unit: '', dropOrder: 6 },
  bytes: { title: 'bytes', unit: 'B', dropOrder: 5 },
  kernels: { title: 'kernels', unit: '', dropOrder: 2 },
  seconds: { title: 'time a step', unit: 's', dropOrder: 7 },
  peak_memory: { title: 'peak memory', unit: 'B', dropOrder: 1 },
} as const satisfies Partial<Record<FigureName, Figure>>

export type ShownFigure = keyof typeof shownFigures

export const shownNames = (figures: Figures): readonly ShownFigure[] =>
  (Object.keys(shownFigures) as ShownFigure[]).filter((name) => figures[name] !== undefined)

/** Those of a whole network. */
export type TotalFigure = ShownFigure | 'images_per_second'

/** `31.39 M`, `3.21 GiB`, `3,364` images a second. */
export function amountText(name: TotalFigure, amount: number): string {
  if (name === 'images_per_second') return significant(amount)
  if (name === 'peak_memory') return joined(memoryQuantity(amount))
  return joined(quantity(amount, shownFigures[name].unit))
}

/** `+1.20 M`, of the figure's own unit. */
export const deltaText = (name: TotalFigure, { delta }: Change): string =>
  delta === 0 ? NOTHING : sign(delta) + amountText(name, Math.abs(delta))

/** `+78.4%`; `new` where there was nothing. */
export function percentText({ delta, percent }: Change): string {
  if (delta === 0) return NOTHING
  if (percent === undefined) return 'new'
  const size = Math.abs(percent)
  return size < 0.05
    ? `${sign(delta)}<0.1%`
    : `${sign(delta)}${size >= 1000 ? significant(size) : size.toFixed(1)}%`
}

/** The unit in which a column's largest delta has four digits. */
export function scaleOf(name: ShownFigure, changes: readonly (Change | undefined)[]): Scale {
  const largest = changes.reduce((most, change) => Math.max(most, Math.abs(change?.delta ?? 0)), 0)
  return name === 'peak_memory' ? memoryScale(largest) : scaleFor(largest, shownFigures[name].unit)
}

/** Memory is told in powers of 1024. */
function memoryScale(largest: number): Scale {
  const [unit, factor] = largest < 2 ** 30 ? ['MiB', 2 ** 20] : ['GiB', 2 ** 30]
  const { text } = scaleFor(Math.max(1, largest / factor), '', 3)
  return { unit, text: (bytes) => text(bytes / factor) }
}

/** A delta in the unit of its column. */
export function deltaCell(change: Change | undefined, scale: Scale): Cell {
  if (change === undefined || change.delta === 0) return NOTHING
  return sign(change.delta) + scale.text(Math.abs(change.delta))
}

const sign = (delta: number): string => (delta < 0 ? '-' : '+')
