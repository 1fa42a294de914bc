import type { Sweep } from '../../analysis/sweep/sweep.ts'
import { printable } from '../../diagnostics/printable.ts'
import { sweepCsv } from '../../report/sweep/csv.ts'
import { shownPoints, sweepData, sweepJson } from '../../report/sweep/json.ts'
import { sweepText } from '../../report/sweep/text.ts'
import { exact } from '../../report/units.ts'
import { note, print, printJson, wantsColor } from '../terminal.ts'
import { writeOutput } from '../write-output.ts'

export interface WriteOptions {
  readonly output?: string
  readonly html?: string
  readonly json?: boolean
}

/** The table and the page where they are wanted, and the summary. */
export async function writeReports(sweep: Sweep, { output, html, json }: WriteOptions): Promise<void> {
  if (output !== undefined) {
    await writeOutput(output, sweepCsv(sweep))
    note(`wrote ${printable(output)}`)
  }
  if (html !== undefined) await writePage(sweep, html)
  if (json) return printJson(sweepJson(sweep))
  // A pipe has no width: nothing is left out for lack of it.
  const width = process.stdout.isTTY ? process.stdout.columns : Infinity
  print(sweepText(sweep, { width, color: wantsColor(process.stdout) }))
}

async function writePage(sweep: Sweep, path: string): Promise<void> {
  const [{ sweepPage }, { readPageAssets }] = await Promise.all([
    import('../../report/html/sweep-page.ts'),
    import('../../runtime/files/page-assets.ts'),
  ])
  const points = shownPoints(sweep)
  await writeOutput(path, sweepPage(sweepData(sweep, points), readPageAssets('sweep')))
  const some = points.length < sweep.front.length ? ` with ${exact(points.length)} of the points` : ''
  note(`wrote ${printable(path)}${some}`)
}
