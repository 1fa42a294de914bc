import type { Analysis } from '../../analysis/analysis.ts'
import { MEASURED_TEXT_LIMIT, readMeasured } from '../../analysis/calibration/measured.ts'
import { compare } from '../../analysis/compare/compare.ts'
import type { Comparison } from '../../analysis/compare/comparison.ts'
import { printable } from '../../diagnostics/printable.ts'
import { compareCsv, compareJson, compareMarkdown, compareText } from '../../report/compare.ts'
import { readTextInput } from '../../runtime/files/read-input.ts'
import { UsageError } from '../exit.ts'
import { appearance, note } from '../terminal.ts'
import { deliver, formatOf, type Format, type FormatOptions } from './formats.ts'

export interface ComparedNetwork {
  readonly name: string
  readonly analysis: Analysis
}

type Render = (comparison: Comparison, options: FormatOptions) => string

const renderers: Readonly<Partial<Record<Format, Render>>> = {
  text: (comparison, { output }) => compareText(comparison, appearance(output)),
  json: (comparison) => JSON.stringify(compareJson(comparison), undefined, 2),
  csv: compareCsv,
  markdown: compareMarkdown,
}

/** Several networks side by side, and beside what was measured of them. */
export async function writeComparison(
  networks: readonly ComparedNetwork[],
  measured: string | undefined,
  options: FormatOptions,
): Promise<void> {
  const render = renderers[formatOf(options)]
  if (render === undefined)
    throw new UsageError(`a comparison is text, json, csv or markdown, and not ${formatOf(options)}`)
  const rows = measured === undefined ? [] : readMeasured(measuredText(measured), measured)
  const comparison = compare(networks, rows)
  if (measured !== undefined && !comparison.networks.some((one) => one.measured !== undefined))
    note(
      `note: ${printable(measured)} has no row of these networks at their size in ${comparison.run.layout}`,
    )
  await deliver(render(comparison, options), options)
}

const measuredText = (file: string): string =>
  readTextInput({ file, wanted: 'a table of measurements', limit: MEASURED_TEXT_LIMIT })
