import { measureOf } from '../measures.ts'
import type { SweepData } from '../sweep-data.ts'
import { element } from './dom.ts'
import type { Better } from './pareto-front.ts'

export interface AxisChoice {
  /** A key of the points' values. */
  readonly key: string
  readonly better: Better
}

/** Two selects for an axis: what it shows, and which way is better. */
export function axisControls(
  name: 'Horizontal' | 'Vertical',
  data: SweepData,
  start: string,
  changed: () => void,
): { readonly controls: HTMLElement; readonly choice: () => AxisChoice } {
  const keys = select(
    `${name} axis`,
    valueKeys(data).map((key) => [key, measureOf(key).title]),
    start,
  )
  const better = select(
    `Better on the ${name.toLowerCase()} axis`,
    [
      ['less', 'less is better'],
      ['more', 'more is better'],
    ],
    betterOf(data, start),
  )
  keys.addEventListener('change', () => {
    better.value = betterOf(data, keys.value)
    changed()
  })
  better.addEventListener('change', changed)
  return {
    controls: element('div', 'axis', element('span', '', name), keys, better),
    choice: () => ({ key: keys.value, better: better.value === 'more' ? 'more' : 'less' }),
  }
}

const betterOf = ({ maximise = [] }: SweepData, key: string): Better =>
  maximise.includes(key) ? 'more' : 'less'

/** All that points have, the objectives first. */
export function valueKeys({ objectives, points }: SweepData): string[] {
  const keys = new Set(objectives)
  for (const { values } of points) for (const key of Object.keys(values)) keys.add(key)
  return [...keys]
}

function select(
  label: string,
  entries: readonly (readonly [value: string, text: string])[],
  start: string,
): HTMLSelectElement {
  const made = element('select', '')
  made.setAttribute('aria-label', label)
  for (const [value, text] of entries) {
    const option = element('option', '', text)
    option.value = value
    made.append(option)
  }
  made.value = start
  return made
}
