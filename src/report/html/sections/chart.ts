import { markup, type Markup } from '../markup.ts'

/**
 * The place of a chart: the script draws into `#ID-chart`. What it shows is said in words for those who do not see it;
 * the numbers are in the table.
 */
export const chart = (id: string, title: string, description: string, caption: Markup): Markup =>
  markup`<figure class="needs-script">
<h3>${title}</h3>
<div class="chart ${id}"><canvas id="${id}-chart" role="img" aria-label="${description}"></canvas></div>
<figcaption>${caption}</figcaption>
</figure>`
