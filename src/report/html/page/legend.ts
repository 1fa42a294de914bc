import type { Chart } from 'chart.js'
import { byId, element } from './dom.ts'
import { marker } from './marker.ts'
import type { Kind } from './theme.ts'

/** Kinds that are switched off, over all redrawing. */
export type Hidden = Set<Kind>

/** A button for each kind, which shows and hides its points in all `charts()`. */
export function kindLegend(kinds: readonly Kind[], hidden: Hidden, charts: () => readonly Chart[]): void {
  byId('roofline-legend', HTMLElement)?.replaceChildren(
    ...kinds.map((kind) => {
      const button = element('button', 'key', marker(kind), kind)
      button.type = 'button'
      button.setAttribute('aria-pressed', String(!hidden.has(kind)))
      button.addEventListener('click', () => {
        if (!hidden.delete(kind)) hidden.add(kind)
        button.setAttribute('aria-pressed', String(!hidden.has(kind)))
        for (const chart of charts()) applyHidden(chart, hidden)
      })
      return button
    }),
  )
}

/** Shows the points of the kinds that are not hidden. */
export function applyHidden(chart: Chart, hidden: Hidden): void {
  const names: ReadonlySet<string> = hidden
  for (const [index, { label }] of chart.data.datasets.entries())
    if (label !== undefined) chart.setDatasetVisibility(index, !names.has(label))
  chart.update()
}

/** Names beside swatches, in the colours of the style sheet: `--macs`. */
export function swatches(id: string, entries: readonly (readonly [variable: string, name: string])[]): void {
  byId(id, HTMLElement)?.replaceChildren(
    ...entries.map(([variable, name]) => {
      const swatch = element('i', 'swatch')
      swatch.style.background = `var(--${variable})`
      return element('span', 'key', swatch, name)
    }),
  )
}
