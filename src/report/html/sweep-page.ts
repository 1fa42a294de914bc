import { htmlDocument, type PageAssets } from './document.ts'
import { markup } from './markup.ts'
import { measureOf } from './measures.ts'
import { chart } from './sections/chart.ts'
import { count } from './sections/words.ts'
import type { SweepData } from './sweep-data.ts'

/** A design space as one HTML page; `page/sweep.ts` draws it from the data, which the page holds whole. */
export function sweepPage(data: SweepData, assets: PageAssets): string {
  const front = data.points.filter(({ pareto }) => pareto).length
  const objectives = data.objectives.map((key) => measureOf(key).title.toLowerCase()).join(', ')
  return htmlDocument(
    {
      title: `${data.spec}: a sweep`,
      heading: markup`<p class="eyebrow">archc sweep</p>
<h1>${data.spec}</h1>
<p class="sub">${count(data.points.length, 'point')}; no other beats <strong>${front}</strong> of them in ${objectives}</p>`,
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
