import type { Analysis, Counts, LayerAnalysis } from '../analysis/analysis.ts'
import { printable } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'

type Value = string | number | null

interface CsvColumn {
  readonly name: string
  readonly value: (layer: LayerAnalysis) => Value
}

/**
 * A row a layer, in the order of execution. Columns are named as the keys of the JSON report, those of objects in it by
 * their path (`time.seconds`); shapes read `64x56x56`; what is null is empty; times are left out where no device was asked
 * for. Quoted as RFC 4180 says; lines end in a line feed alone, which readers take and other tools expect.
 *
 * Names come from specs that others may have written, and spreadsheets take text that begins like a formula for one:
 * such text gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection), and control characters are
 * shown, not sent. The JSON report has names as they are.
 */
export function analysisCsv(analysis: Analysis): string {
  const columns = [...layerColumns, ...(analysis.time === undefined ? [] : timeColumns), ...placeColumns]
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
  ...counts([
    'parameters',
    'macs',
    'fixed_macs',
    'arithmetic',
    'bytes_read',
    'bytes_written',
    'bytes_weights',
    'bytes',
    'kernels',
    'intensity',
  ]),
]

const timeColumns: readonly CsvColumn[] = (
  ['seconds', 'compute', 'memory', 'launch', 'bound', 'share'] as const
).map((key) => ({ name: `time.${key}`, value: ({ time }) => time?.[key] ?? null }))

const placeColumns: readonly CsvColumn[] = (['called_from', 'location'] as const).flatMap((place) =>
  (['file', 'line', 'column'] as const).map((key) => ({
    name: `${place}.${key}`,
    value: (layer: LayerAnalysis) => layer[place][key],
  })),
)

function counts(keys: readonly Exclude<keyof Counts, 'time'>[]): CsvColumn[] {
  return keys.map((key) => ({ name: key, value: (layer) => layer[key] }))
}

/** A value in a line of CSV, harmless to spreadsheets and terminals. */
export function field(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const harmless = printable(value).replace(/^(?=\s*[=+\-@])/, "'")
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
