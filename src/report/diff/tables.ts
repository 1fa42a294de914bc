import type {
  ChangeKind,
  Difference,
  Figures,
  LayerDifference,
  PartDifference,
} from '../../analysis/diff/difference.ts'
import { printable } from '../../diagnostics/printable.ts'
import { shapeText } from '../facts/words.ts'
import { left, right, type Cell, type Table } from '../table.ts'
import {
  amountText,
  deltaCell,
  deltaText,
  percentText,
  scaleOf,
  shownFigures,
  shownNames,
  type TotalFigure,
} from './figures.ts'
import { pathOf, runName, runsOf } from './runs.ts'

/** What both networks cost as a whole. */
export function totalTable({ before, after, total }: Difference): Table {
  const names: readonly TotalFigure[] = [...shownNames(total), 'images_per_second']
  return {
    columns: [
      left(''),
      right(printable(before.label)),
      right(printable(after.label)),
      right('change'),
      right(''),
    ],
    rows: names.flatMap((name) => {
      const change = total[name]
      if (change === undefined) return []
      const title = name === 'images_per_second' ? 'images a second' : shownFigures[name].title
      const amounts = [amountText(name, change.before), amountText(name, change.after)]
      return [[title, ...amounts, deltaText(name, change), percentText(change)]]
    }),
  }
}

/** What happened to each part and, below it, to its blocks. */
export interface PartTableOptions {
  readonly blocks: boolean
  readonly layers: boolean
}

export function partTable({ total, parts }: Difference, options: PartTableOptions): Table {
  const lines = parts.flatMap((part) => partLines(part, options))
  const names = shownNames(total)
  const scales = names.map((name) =>
    scaleOf(name, [...lines.map(({ figures }) => figures[name]), total[name]]),
  )
  const cells = (figures: Figures): Cell[] =>
    names.flatMap((name, i) => {
      const scale = scales[i]
      const change = figures[name]
      if (scale === undefined) return []
      return [deltaCell(change, scale), change === undefined ? '' : percentText(change)]
    })
  return {
    columns: [
      left('part'),
      ...names.flatMap((name, i) => {
        const { title: group, dropOrder } = shownFigures[name]
        return [
          right(scales[i]?.unit ?? '', { group, dropOrder: dropOrder + 10 }),
          right('%', { group, dropOrder }),
        ]
      }),
    ],
    rows: lines.map(({ name, change, figures }) => [named(name, change), ...cells(figures)]),
    footer: ['  total', ...cells(total)],
  }
}

interface Line {
  readonly name: string
  readonly change: ChangeKind
  readonly figures: Figures
}

const marks: Readonly<Record<ChangeKind, string>> = { same: ' ', changed: '~', added: '+', removed: '-' }

function named(name: string, change: ChangeKind): Cell {
  const text = `${marks[change]} ${printable(name)}`
  return change === 'same' ? text : { text, style: change }
}

function partLines(part: PartDifference, options: PartTableOptions): Line[] {
  const { change, figures } = part
  const line: Line = { name: partName(part), change, figures }
  return options.blocks ? [line, ...blockLines(part, options)] : [line]
}

function partName({ name: { before, after }, output }: PartDifference): string {
  const name =
    before === undefined || after === undefined || before === after
      ? (after ?? before)
      : `${before} -> ${after}`
  const shapes = [output.before, output.after].map((shape) => (shape === undefined ? '' : shapeText(shape)))
  const isMoved = output.before !== undefined && output.after !== undefined && shapes[0] !== shapes[1]
  return isMoved ? `${name ?? ''}, ${shapes.join(' -> ')}` : (name ?? '')
}

/** Of a part that is there on one side only, the blocks say nothing more. */
function blockLines({ change, blocks }: PartDifference, { layers }: PartTableOptions): Line[] {
  if (change === 'added' || change === 'removed') return []
  return runsOf(blocks).flatMap((run) => {
    const [first] = run.blocks
    const line: Line = { name: `  ${runName(run)}`, change: first.change, figures: first.figures }
    return layers ? [line, ...layerLines(pathOf(first), first.layers)] : [line]
  })
}

function layerLines(block: string, layers: readonly LayerDifference[]): Line[] {
  return layers.map(({ path, op, change, figures }) => {
    const name = pathOf({ path }).slice(block.length).replace(/^\./, '')
    const ops = [...new Set([op.before, op.after].filter((one) => one !== undefined))].join(' -> ')
    return { name: `    ${name === '' ? ops : `${name}: ${ops}`}`, change, figures }
  })
}
