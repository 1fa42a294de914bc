import { valueNames } from '../../analysis/sweep/outcome.ts'
import type { Sweep } from '../../analysis/sweep/sweep.ts'
import type { SweepData, SweepPoint } from '../html/sweep-data.ts'

/** Version of the form of the report. */
export const SWEEP_VERSION = 1

export interface SweepJson extends SweepData {
  readonly archc_sweep: number
  /** Points that are no networks, with the code of the mistake. */
  readonly mistakes: readonly { readonly settings: SweepPoint['settings']; readonly code: string }[]
}

/** The report for programs: every point. */
export function sweepJson(sweep: Sweep): SweepJson {
  const points = [...sweep.front.keys()]
  return {
    archc_sweep: SWEEP_VERSION,
    ...sweepData(sweep, points),
    mistakes: points.flatMap((point) => {
      const code = sweep.results.mistakeAt(point)
      return code === undefined ? [] : [{ settings: settingsAt(sweep, point), code }]
    }),
  }
}

/** What a page shows of some points; mistakes among them are left out. */
export function sweepData(sweep: Sweep, points: readonly number[]): SweepData {
  const { spec, objectives, results, front } = sweep
  const sound = points.filter((point) => results.mistakeAt(point) === undefined)
  return {
    spec,
    objectives: objectives.map(({ value }) => value),
    maximise: objectives.filter(({ better }) => better === 'more').map(({ value }) => value),
    points: sound.map((point) => ({
      settings: settingsAt(sweep, point),
      values: valuesAt(sweep, point),
      pareto: front[point] ?? false,
    })),
  }
}

const settingsAt = ({ space }: Sweep, point: number): SweepPoint['settings'] =>
  Object.fromEntries(space.at(point).map(({ text }, i) => [space.axes[i]?.name ?? '', text]))

const valuesAt = ({ results }: Sweep, point: number): SweepPoint['values'] =>
  Object.fromEntries(
    valueNames.flatMap((name) => {
      const value = results.valueAt(point, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** Points that a page holds at most; a chart of more is a blot. */
const MOST_SHOWN = 5000

/** All points, or of very many those that no other beats and, evenly spread, some of the rest. */
export function shownPoints({ front }: Sweep): readonly number[] {
  const all = [...front.keys()]
  if (all.length <= MOST_SHOWN) return all
  const stride = Math.ceil(all.length / MOST_SHOWN)
  return all.filter((point) => front[point] === true || point % stride === 0)
}
