import type { Analysis } from '../../analysis/analysis.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { githubAnnotation } from '../../diagnostics/github.ts'
import { printable } from '../../diagnostics/printable.ts'
import { analysisCsv } from '../../report/csv.ts'
import { analysisJson } from '../../report/json.ts'
import { analysisMarkdown } from '../../report/markdown.ts'
import type { SortKey } from '../../report/tables/order.ts'
import { analysisText } from '../../report/text.ts'
import { appearance, note, print } from '../terminal.ts'
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

type Render = (
  analysis: Analysis,
  faults: readonly Diagnostic[],
  options: FormatOptions,
) => string | Promise<string>

const renderers: Readonly<Record<Format, Render>> = {
  text: (analysis, _, options) => text(analysis, options),
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
  github: (_, faults) => faults.map(githubAnnotation).join('\n'),
}

/** To stdout, or to the file that was named. */
export async function writeReport(
  analysis: Analysis,
  faults: readonly Diagnostic[],
  options: FormatOptions,
): Promise<void> {
  await deliver(await renderers[formatOf(options)](analysis, faults, options), options)
}

export async function deliver(content: string, options: FormatOptions): Promise<void> {
  if (options.output !== undefined) {
    await writeOutput(options.output, content.endsWith('\n') ? content : `${content}\n`)
    note(`wrote ${printable(options.output)}`)
  } else if (content !== '') print(content)
}

export const formatOf = ({ format, json }: FormatOptions): Format => (json ? 'json' : format)

function text(analysis: Analysis, { layers, sort, output }: FormatOptions): string {
  return analysisText(analysis, {
    layers: layers ?? sort !== undefined,
    ...appearance(output),
    ...(sort === undefined ? {} : { sort }),
  })
}
