import type { Analysis } from '../analysis/analysis.ts'
import { factsText, memorySection, networkSection, runText, titleText, throughputSections } from './facts.ts'
import { painterOf, type Painter } from './paint.ts'
import { tableText } from './table.ts'
import { layerTable, legendOf, stageTable, type SortKey } from './tables.ts'
import { wrapped } from './units.ts'

export interface AnalysisTextOptions {
  /** Whether to list every operator too. */
  readonly layers?: boolean
  /** `macs`, `bytes` or `time`: the largest first; default: in the order of execution. Time needs a device, and without one has no effect. */
  readonly sort?: SortKey
  /** Columns of the terminal; default: 100. */
  readonly width?: number
  /** Whether to colour with ANSI sequences; default: no. */
  readonly color?: boolean
}

const DEFAULT_WIDTH = 100
const LEAST_WIDTH = 40
/** Longer lines of a sentence are hard to read, however wide the terminal. */
const TEXT_WIDTH = 100

/** The report for people: what the network costs and why, then a table of its parts, and one of the operators where wanted. */
export function analysisText(analysis: Analysis, options: AnalysisTextOptions = {}): string {
  const { layers = false, sort, color = false } = options
  const width = Math.max(LEAST_WIDTH, options.width ?? DEFAULT_WIDTH)
  const textWidth = Math.min(width, TEXT_WIDTH)
  const paint = painterOf(color)
  const sections = [networkSection(analysis), ...throughputSections(analysis), memorySection(analysis)]
  const blocks = [
    heading(analysis, textWidth, paint),
    ...factsText(sections, textWidth, paint),
    ...(layers ? [tableText(layerTable(analysis, sort), width, paint)] : []),
    tableText(stageTable(analysis, sort), width, paint),
    wrapped(legendOf(analysis, layers), textWidth).map((line) => paint('quiet', line)),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** One line where it fits. */
function heading(analysis: Analysis, width: number, paint: Painter): string[] {
  const title = titleText(analysis)
  const lines = wrapped(`${title}: ${runText(analysis)}`, width)
  return lines.map((line, at) =>
    at === 0 && line.startsWith(title) ? paint('title', title) + line.slice(title.length) : line,
  )
}
