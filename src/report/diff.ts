import type {
  Change,
  FigureName,
  Figures,
  BlockDifference,
  ChangeKind,
  Difference,
  LayerDifference,
  PartDifference,
  Side,
} from '../analysis/diff/difference.ts'
import { type Cell, left, right, type Table, tableText } from './table.ts'
import {
  joined,
  memoryQuantity,
  NOTHING,
  quantity,
  scaleFor,
  significant,
  type Scale,
  type Unit,
  wrapped,
} from './units.ts'
import { printable } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'
import { escaped, tableMarkdown } from './markdown.ts'
import { painterOf } from './paint.ts'

/** How a figure is called, and in what it is counted. */
interface Figure {
  readonly title: string
  readonly unit: Unit
  /** When its columns give way to a narrow terminal, lowest first. */
  readonly dropOrder: number
}

/** Those of the tables, in their order. */
const shownFigures = {
  parameters: { title: 'parameters', unit: '', dropOrder: 3 },
  macs: { title: 'MACs', unit: '', dropOrder: 6 },
  bytes: { title: 'bytes', unit: 'B', dropOrder: 5 },
  kernels: { title: 'kernels', unit: '', dropOrder: 2 },
  seconds: { title: 'time a step', unit: 's', dropOrder: 7 },
  peak_memory: { title: 'peak memory', unit: 'B', dropOrder: 1 },
} as const satisfies Partial<Record<FigureName, Figure>>

type ShownFigure = keyof typeof shownFigures

const shownNames = (figures: Figures): readonly ShownFigure[] =>
  (Object.keys(shownFigures) as ShownFigure[]).filter((name) => figures[name] !== undefined)

/** Those of a whole network. */
type TotalFigure = ShownFigure | 'images_per_second'

/** `31.39 M`, `3.21 GiB`, `3,364` images a second. */
function amountText(name: TotalFigure, amount: number): string {
  if (name === 'images_per_second') return significant(amount)
  if (name === 'peak_memory') return joined(memoryQuantity(amount))
  return joined(quantity(amount, shownFigures[name].unit))
}

/** `+1.20 M`, of the figure's own unit. */
const deltaText = (name: TotalFigure, { delta }: Change): string =>
  delta === 0 ? NOTHING : sign(delta) + amountText(name, Math.abs(delta))

/** `+78.4%`; `new` where there was nothing. */
function percentText({ delta, percent }: Change): string {
  if (delta === 0) return NOTHING
  if (percent === undefined) return 'new'
  const size = Math.abs(percent)
  return size < 0.05
    ? `${sign(delta)}<0.1%`
    : `${sign(delta)}${size >= 1000 ? significant(size) : size.toFixed(1)}%`
}

/** The unit in which a column's largest delta has four digits. */
function scaleOf(name: ShownFigure, changes: readonly (Change | undefined)[]): Scale {
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
function deltaCell(change: Change | undefined, scale: Scale): Cell {
  if (change === undefined || change.delta === 0) return NOTHING
  return sign(change.delta) + scale.text(Math.abs(change.delta))
}

const sign = (delta: number): string => (delta < 0 ? '-' : '+')

/** Blocks in a row to which the same happened. */
interface Run {
  readonly blocks: readonly [BlockDifference, ...BlockDifference[]]
}

/** Networks repeat their blocks, and with them their changes: equal neighbours become one run. */
function runsOf(blocks: readonly BlockDifference[]): readonly Run[] {
  const runs: { key: string; blocks: [BlockDifference, ...BlockDifference[]] }[] = []
  for (const block of blocks) {
    const key = keyOf(block)
    const last = runs.at(-1)
    if (last?.key === key) last.blocks.push(block)
    else runs.push({ key, blocks: [block] })
  }
  return runs
}

/** The peak of memory depends on the place in the network, not on what was changed. */
function keyOf({ change, figures, layers, path }: BlockDifference): string {
  const own: readonly FigureName[] = ['parameters', 'macs', 'arithmetic', 'bytes', 'kernels']
  const amounts = own.flatMap((name) => {
    const { before, after } = figures[name as Exclude<FigureName, 'seconds'>]
    return [before, after]
  })
  const within = (whole = '', part = ''): string => part.slice(whole.length)
  const shapes = layers.map((layer) =>
    [
      layer.change,
      within(path.before, layer.path.before),
      within(path.after, layer.path.after),
      layer.op.before ?? '',
      layer.op.after ?? '',
      String(layer.output.before),
      String(layer.output.after),
    ].join(' '),
  )
  return [change, ...amounts, ...shapes].join('\n')
}

/** `layer1.1`, or of several the first and the last: `layer1.1 to 3 (3)`. */
function runName({ blocks }: Run): string {
  const [first] = blocks
  const last = blocks.at(-1) ?? first
  const path = pathOf(first)
  if (last === first) return path
  return `${path} to ${pathOf(last).split('.').at(-1) ?? ''}, each of ${blocks.length}`
}

const pathOf = ({ path }: Pick<BlockDifference, 'path'>): string => path.after ?? path.before ?? ''

/** What both networks cost as a whole. */
function totalTable({ before, after, total }: Difference): Table {
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
interface PartTableOptions {
  readonly blocks: boolean
  readonly layers: boolean
}

function partTable({ total, parts }: Difference, options: PartTableOptions): Table {
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

/** Version of the form of the report. */
const DIFF_VERSION = 1

/** The report for programs, as `specs/schemas/diff.schema.json` states it. */
type DiffJson = Difference & { readonly archc_diff: number }

export const diffJson = (difference: Difference): DiffJson => ({ archc_diff: DIFF_VERSION, ...difference })

/** The report for a pull request: the parts, and folded away what is in them. */
export function diffMarkdown(difference: Difference, options: { readonly layers?: boolean } = {}): string {
  const layers = options.layers ?? false
  const hasBlocks = difference.parts.some(({ blocks }) => blocks.length > 0)
  const blocks = [
    `### ${escaped(titleOf(difference))}`,
    escaped(conditionsOf(difference)),
    tableMarkdown(totalTable(difference)),
    tableMarkdown(partTable(difference, { blocks: false, layers: false })),
    ...(hasBlocks
      ? [
          `<details><summary>Changed blocks</summary>`,
          tableMarkdown(partTable(difference, { blocks: true, layers })),
          '</details>',
        ]
      : []),
    escaped(LEGEND),
  ]
  return `${blocks.join('\n\n')}\n`
}

interface DiffTextOptions {
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

const LEGEND = 'parameters, MACs and bytes an image; ~ changed, + added, - removed'

const titleOf = ({ before, after }: Difference): string =>
  `${printable(before.label)} -> ${printable(after.label)}`

/** As what both run, and what they take in. */
function conditionsOf({ before, after }: Difference): string {
  const { engine, mode, precision, layout, batch } = after.run
  const [from, to] = [before, after].map(({ input }) => shapeText(input))
  const input = from === to ? `${to ?? ''} images` : `${from ?? ''} -> ${to ?? ''} images`
  return [engine, mode, precision, layout, `batch ${batch}`, input, ...deviceOf(after)].join(', ')
}

const deviceOf = ({ device }: Side): string[] =>
  device === undefined ? [] : [`${printable(device.title)} (${device.model})`]
