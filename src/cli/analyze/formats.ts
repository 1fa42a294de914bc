import type { Analysis } from '../../analysis/analysis.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { githubAnnotation } from '../../diagnostics/github.ts'
import { printable } from '../../diagnostics/printable.ts'
import { analysisCsv } from '../../report/csv.ts'
import { analysisJson } from '../../report/json.ts'
import { analysisMarkdown } from '../../report/markdown.ts'
import type { SortKey } from '../../report/tables/order.ts'
import { analysisText } from '../../report/text.ts'
import { appearance, note, print, printJsonText, printPage } from '../terminal.ts'
import { writeOutput } from '../write-output.ts'

export const formats = ['text', 'json', 'csv', 'markdown', 'html', 'github'] as const
export type Format = (typeof formats)[number]

export interface FormatOptions {
  readonly format: Format
  readonly json?: boolean
  readonly output?: string
  readonly layers?: boolean
  readonly sort?: SortKey
}

type Render = (analysis: Analysis, options: FormatOptions) => string | Promise<string>

const renderers: Readonly<Record<Exclude<Format, 'github'>, Render>> = {
  text,
  json: (analysis) => JSON.stringify(analysisJson(analysis), undefined, 2),
  csv: analysisCsv,
  markdown: analysisMarkdown,
  html: async (analysis) => {
    const [{ analysisPage }, { readPageAssets }] = await Promise.all([
      import('../../report/html/analysis-page.ts'),
      import('../../runtime/files/page-assets.ts'),
    ])
    return analysisPage(analysis, readPageAssets('analysis'))
  },
}

/** To stdout, or to the file that was named. Annotations are no report of an analysis. */
export async function writeReport(analysis: Analysis, options: FormatOptions): Promise<void> {
  const format = formatOf(options)
  if (format !== 'github') await deliver(await renderers[format](analysis, options), options)
}

/** What exceeds a budget, of any number of networks. */
export const writeAnnotations = (faults: readonly Diagnostic[], options: FormatOptions): Promise<void> =>
  deliver(faults.map(githubAnnotation).join('\n'), options)

export async function deliver(content: string, options: FormatOptions): Promise<void> {
  if (options.output !== undefined) {
    await writeOutput(options.output, content.endsWith('\n') ? content : `${content}\n`)
    note(`wrote ${printable(options.output)}`)
  } else if (content !== '') printerOf(options)(content)
}

function printerOf(options: FormatOptions): (content: string) => void {
  const format = formatOf(options)
  if (format === 'json') return printJsonText
  return format === 'html' ? printPage : print
}

export const formatOf = ({ format, json }: FormatOptions): Format => (json ? 'json' : format)

function text(analysis: Analysis, { layers, sort, output }: FormatOptions): string {
  return analysisText(analysis, {
    layers: layers ?? sort !== undefined,
    ...appearance(output),
    ...(sort === undefined ? {} : { sort }),
  })
}
