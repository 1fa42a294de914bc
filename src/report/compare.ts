import type { Accuracy, Compared, Comparison, Predictor, PredictorAccuracy } from '../analysis/compare.ts'
import { measureOf, measuresWith, shortTitle, type Measure } from '../analysis/measures.ts'
import { printable } from '../diagnostics/printable.ts'
import { field } from './csv.ts'
import { escaped, tableMarkdown } from './markdown.ts'
import { painterOf } from './paint.ts'
import { left, right, tableText, type Column, type Table } from './table.ts'
import { measureText, percent, significant, wrapped } from './units.ts'

interface ReportOptions {
  /** Columns of the terminal; default: as wide as it needs. */
  readonly width?: number
  readonly color?: boolean
}

/** Version of the form of the report. */
const COMPARISON_VERSION = 1

type ComparisonJson = Comparison & { readonly archc_comparison: number }

export const compareJson = (comparison: Comparison): ComparisonJson => ({
  archc_comparison: COMPARISON_VERSION,
  ...comparison,
})

/** A table of the networks, and one of how well each amount tells the measured times. */
export function compareText(comparison: Comparison, options: ReportOptions = {}): string {
  const width = Math.max(40, options.width ?? Infinity)
  const paint = painterOf(options.color ?? false)
  const lines = [
    ...wrapped(heading(comparison), width).map((line) => paint('title', line)),
    '',
    ...tableText(networkTable(comparison), width, paint),
    ...legend(comparison).flatMap((line) => ['', ...wrapped(line, width)]),
  ]
  const { accuracy } = comparison
  if (accuracy !== undefined) {
    lines.push('', paint('title', accuracyHeading(accuracy.networks)), '')
    lines.push(...tableText(accuracyTable(accuracy), width, paint))
  }
  return `${lines.join('\n')}\n`
}

/** What the columns are of: an image, where the report of one network has times of a step. */
function legend(comparison: Comparison): readonly string[] {
  if (comparison.device === undefined) return []
  const error = isMeasured(comparison) ? ' error: of that time, + where it is longer than measured.' : ''
  return [`time: of one image, in a step of ${comparison.run.batch}.${error}`]
}

/** The report in Markdown, for a pull request. */
export function compareMarkdown(comparison: Comparison): string {
  const { accuracy } = comparison
  const blocks = [
    escaped(heading(comparison)),
    tableMarkdown(networkTable(comparison)),
    ...legend(comparison).map(escaped),
  ]
  if (accuracy !== undefined)
    blocks.push(escaped(accuracyHeading(accuracy.networks)), tableMarkdown(accuracyTable(accuracy)))
  return `${blocks.join('\n\n')}\n`
}

/** A line for each network; amounts are of one image. What is estimated has a column where there is something of it. */
export function compareCsv({ networks }: Comparison): string {
  const predictors = measuresWith('compare')
    .filter(
      ({ key, isEstimate }) => !isEstimate || networks.some(({ amounts }) => amounts[key] !== undefined),
    )
    .map(({ key }) => key)
  const measured = ['measured_images_per_second', 'measured_batch', 'error']
  const rows = networks.map(({ name, amounts, images_per_second: speed, measured: found }) => [
    name,
    ...predictors.map((predictor) => amounts[predictor]),
    ...[speed, found?.images_per_second, found?.batch, found?.error],
  ])
  return [['network', ...predictors, 'images_per_second', ...measured], ...rows]
    .map((row) => `${row.map((value) => field(value ?? null)).join(',')}\n`)
    .join('')
}

function heading({ networks, run, device }: Comparison): string {
  const how = `${run.engine}, ${run.mode}, ${run.precision}, ${run.layout}, batch ${run.batch}`
  const where = device === undefined ? '' : `, ${printable(device.title)} (${device.model})`
  return `${networks.length} network${networks.length === 1 ? '' : 's'}: ${how}${where}`
}

const accuracyHeading = (networks: number): string => `Against what was measured of ${networks} networks`

const networkTable = (comparison: Comparison): Table => ({
  columns: columnsOf(comparison),
  rows: comparison.networks.map((one) => rowOf(one, comparison)),
})

/** Each amount with its place; places go first where the terminal is narrow. */
function columnsOf(comparison: Comparison): Column[] {
  const amounts = predictorsOf(comparison).flatMap((predictor, index) => [
    right(shortTitle(predictor)),
    right('#', { dropOrder: index }),
  ])
  const speed = comparison.device === undefined ? [] : [right('images/s')]
  const measured = isMeasured(comparison)
    ? [right('measured'), right('#', { dropOrder: 5 }), ...(speed.length === 0 ? [] : [right('error')])]
    : []
  return [left('network'), ...amounts, ...speed, ...measured]
}

function rowOf(entry: Compared, comparison: Comparison): string[] {
  const { name, amounts, ranks, images_per_second: speed, measured } = entry
  const costs = predictorsOf(comparison).flatMap((predictor) => {
    const amount = amounts[predictor.key]
    return [amount === undefined ? '' : measureText(predictor, amount), String(ranks[predictor.key] ?? '')]
  })
  const predicted = comparison.device === undefined ? [] : [speed === undefined ? '' : significant(speed)]
  const found = [
    measured === undefined ? '-' : significant(measured.images_per_second),
    String(ranks.measured ?? ''),
  ]
  const error = comparison.device === undefined ? [] : [signed(measured?.error)]
  return [printable(name), ...costs, ...predicted, ...(isMeasured(comparison) ? [...found, ...error] : [])]
}

const isMeasured = ({ networks }: Comparison): boolean =>
  networks.some(({ measured }) => measured !== undefined)

/** What the networks are ranked by: the measures that one of them has. */
const predictorsOf = ({ networks }: Comparison): readonly Measure<Predictor>[] =>
  measuresWith('compare').filter(({ key }) => networks.some(({ amounts }) => amounts[key] !== undefined))

/** `+8.1%`: the prediction is longer than what was measured. */
const signed = (error: number | undefined): string =>
  error === undefined ? '-' : `${error < 0 ? '-' : '+'}${(100 * Math.abs(error)).toFixed(1)}%`

const accuracyColumns: readonly Column[] = [
  left('by'),
  right('Spearman'),
  right('Kendall'),
  right('median error'),
  right('90th %'),
]

const accuracyTable = ({ predictors }: Accuracy): Table => ({
  columns: accuracyColumns,
  rows: predictors.map(accuracyRow),
})

/** An amount is no time: what is compared is the amount times one number. */
const accuracyRow = ({ predictor, scale, spearman, kendall, median, p90 }: PredictorAccuracy): string[] => [
  scale === undefined ? 'predicted time' : `${shortTitle(measureOf(predictor))} alone, scaled`,
  coefficient(spearman),
  coefficient(kendall),
  `${percent(median)}%`,
  `${percent(p90)}%`,
]

const coefficient = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3))
