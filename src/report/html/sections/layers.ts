import type { Analysis } from '../../../analysis/analysis.ts'
import { markup, type Markup } from '../markup.ts'

/** The script fills this: a thousand rows that neither sort nor filter would help nobody. */
export const layersSection = ({ run, throughput, fixed_macs: fixed }: Analysis): Markup =>
  markup`<section aria-labelledby="layers-title" class="wide">
<h2 id="layers-title">Layers</h2>
<p class="lede">MACs and bytes of one image, the weights&rsquo; bytes shared by the batch of ${run.batch}\
${throughput === undefined ? '' : '; time of a step'}.\
${fixed > 0 ? ' In parentheses: MACs of filters that are not learned (blur), which totals leave out.' : ''}</p>
<div id="layers" class="needs-script"></div>
<noscript><p class="note">The charts and this table need JavaScript. The report as JSON or CSV has the same numbers.</p></noscript>
</section>`
