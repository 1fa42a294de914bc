import type { Analysis, LayerAnalysis } from '../analysis/analysis.ts'
import { measures, type Measure } from '../analysis/measures.ts'
import { printable } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'

type Value = string | number | null

interface CsvColumn {
  readonly name: string
  readonly value: (layer: LayerAnalysis) => Value
}

/**
 * A row a layer, in the order of execution. Columns are named as the keys of the JSON report, those of objects in it by
 * their path (`time.seconds`); shapes read `64x56x56`; what is null is empty; what the analysis has no value of is left out: times where no device was asked for. Quoted as RFC 4180 says; lines end in a line feed alone, which readers take and other tools expect.
 *
 * Names come from specs that others may have written, and spreadsheets take text that begins like a formula for one:
 * such text gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection), and control characters are
 * shown, not sent. The JSON report has names as they are.
 */
export function analysisCsv(analysis: Analysis): string {
  const numbers = measures.filter(({ ofPart }) => ofPart?.(analysis) !== undefined).flatMap(columnsOf)
  const columns = [...layerColumns, ...numbers, ...placeColumns]
  const rows = analysis.layers.map((layer) => columns.map(({ value }) => field(value(layer))))
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.join(',')}\n`).join('')
}

const layerColumns: readonly CsvColumn[] = [
  { name: 'path', value: ({ path }) => path },
  { name: 'op', value: ({ op }) => op },
  { name: 'part', value: ({ part }) => part },
  { name: 'output', value: ({ output }) => shapeText(output) },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'fused_into', value: ({ fused_into: host }) => host },
  { name: 'bias', value: ({ bias }) => (bias === null ? null : String(bias)) },
]

/** A measure, and behind the time all that is told of it. */
function columnsOf({ key, field: name = key, ofPart }: Measure): readonly CsvColumn[] {
  const column: CsvColumn = { name, value: (layer) => ofPart?.(layer) ?? null }
  return key === 'seconds' ? [column, ...timeColumns] : [column]
}

const timeColumns: readonly CsvColumn[] = (['compute', 'memory', 'launch', 'bound', 'share'] as const).map(
  (key) => ({ name: `time.${key}`, value: ({ time }) => time?.[key] ?? null }),
)

const placeColumns: readonly CsvColumn[] = (['called_from', 'location'] as const).flatMap((place) =>
  (['file', 'line', 'column'] as const).map((key) => ({
    name: `${place}.${key}`,
    value: (layer: LayerAnalysis) => layer[place][key],
  })),
)

/** A value in a line of CSV, harmless to spreadsheets and terminals. */
export function field(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const harmless = printable(value).replace(/^(?=\s*[=+\-@])/, "'")
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
