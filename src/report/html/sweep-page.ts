import { htmlDocument, type PageAssets, markup } from './document.ts'
import { chart, countText } from './analysis-page.ts'
import { namedValue } from './quantities.ts'

/** A design space and what its points cost: what `archc sweep` hands to its page. */
export interface SweepData {
  /** The network or file that was varied. */
  readonly spec: string
  /** Keys of `values` by which `pareto` was decided. */
  readonly objectives: readonly string[]
  /** Keys of `values` of which more is better; of all others, less is. */
  readonly maximise?: readonly string[]
  readonly points: readonly SweepPoint[]
}

export interface SweepPoint {
  /** `width` → `1.25`: as the command line would take them. */
  readonly settings: Readonly<Record<string, string>>
  /** `macs` → 5734965248. */
  readonly values: Readonly<Record<string, number>>
  /** Whether no other point is at least as good in all objectives and better in one. */
  readonly pareto: boolean
}

/** A design space as one HTML page; `page/sweep.ts` draws it from the data, which the page holds whole. */
export function sweepPage(data: SweepData, assets: PageAssets): string {
  const front = data.points.filter(({ pareto }) => pareto).length
  const objectives = data.objectives.map((key) => namedValue(key).title.toLowerCase()).join(', ')
  return htmlDocument(
    {
      title: `${data.spec}: a sweep`,
      heading: markup`<p class="eyebrow">archc sweep</p>
<h1>${data.spec}</h1>
<p class="sub">${countText(data.points.length, 'point')}; no other beats <strong>${front}</strong> of them in ${objectives}</p>`,
      body: markup`<section aria-labelledby="pareto-title" class="first">
<h2 id="pareto-title">Trade-offs</h2>
<div id="axes" class="axes needs-script"></div>
${chart('pareto', 'Designs', 'The points of the sweep by the two values chosen above', CAPTION)}
</section>
<section aria-labelledby="points-title" class="wide">
<h2 id="points-title">Points</h2>
<div id="points" class="needs-script"></div>
<noscript><p class="note">This page needs JavaScript. The CSV of the sweep has the same numbers.</p></noscript>
</section>`,
      data,
    },
    assets,
  )
}

const CAPTION = markup`Filled: what no other point beats in all objectives. The line joins what no other point beats in \
the two values shown.`
