import type {
  Change,
  Figures,
  BlockDifference,
  ChangeKind,
  Difference,
  LayerDifference,
  PartDifference,
  Side,
} from '../analysis/diff/difference.ts'
import { measuresWith, type Measure } from '../analysis/measures.ts'
import { type Cell, left, right, type Table, tableText } from './table.ts'
import { measureText, NOTHING, scaleFor, significant, type Scale, wrapped } from './units.ts'
import { printable } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'
import { escaped, tableMarkdown } from './markdown.ts'
import { painterOf } from './paint.ts'

type Compared = ReturnType<typeof measuresWith<'diff'>>[number]

/** The measures that the tables of parts show and the networks have, in their order. */
const shownMeasures = (figures: Figures): readonly Compared[] =>
  measuresWith('diff').filter(({ key, diff }) => diff.columns !== undefined && figures[key] !== undefined)

/** `+1.20 M`, of the figure's own unit. */
const deltaText = (measure: Measure, { delta }: Change): string =>
  delta === 0 ? NOTHING : sign(delta) + measureText(measure, Math.abs(delta))

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
function scaleOf({ unit, written }: Measure, changes: readonly (Change | undefined)[]): Scale {
  const largest = changes.reduce((most, change) => Math.max(most, Math.abs(change?.delta ?? 0)), 0)
  return written === 'binary' ? memoryScale(largest) : scaleFor(largest, unit)
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
  const amounts = measuresWith('diff')
    .filter(({ ofPart, needs }) => ofPart !== undefined && needs === undefined)
    .flatMap(({ key }) => [figures[key]?.before, figures[key]?.after])
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
  const ofNetworks = measuresWith('diff').filter(({ ofPart, diff }) => !ofPart && diff.columns === undefined)
  return {
    columns: [
      left(''),
      right(printable(before.label)),
      right(printable(after.label)),
      right('change'),
      right(''),
    ],
    rows: [...shownMeasures(total), ...ofNetworks].flatMap((measure) => {
      const change = total[measure.key]
      if (change === undefined) return []
      const amounts = [measureText(measure, change.before), measureText(measure, change.after)]
      return [[totalTitle(measure), ...amounts, deltaText(measure, change), percentText(change)]]
    }),
  }
}

/** What only networks have stands in no column, so that there is room for its heading. */
const totalTitle = ({ title, heading, diff }: Compared): string =>
  diff.columns === undefined ? heading.toLowerCase() : title

/** What happened to each part and, below it, to its blocks. */
interface PartTableOptions {
  readonly blocks: boolean
  readonly layers: boolean
}

function partTable({ total, parts }: Difference, options: PartTableOptions): Table {
  const lines = parts.flatMap((part) => partLines(part, options))
  const shown = shownMeasures(total)
  const scales = shown.map((measure) =>
    scaleOf(measure, [...lines.map(({ figures }) => figures[measure.key]), total[measure.key]]),
  )
  const cells = (figures: Figures): Cell[] =>
    shown.flatMap(({ key }, i) => {
      const scale = scales[i]
      const change = figures[key]
      if (scale === undefined) return []
      return [deltaCell(change, scale), change === undefined ? '' : percentText(change)]
    })
  return {
    columns: [
      left('part'),
      ...shown.flatMap(({ title: group, diff: { columns: dropOrder = 0 } }, i) => [
        right(scales[i]?.unit ?? '', { group, dropOrder: dropOrder + 10 }),
        right('%', { group, dropOrder }),
      ]),
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
