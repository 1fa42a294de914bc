import type { Objective } from './objectives.ts'
import { paretoFront } from './pareto.ts'
import type { Results } from './results.ts'
import type { Space } from './space.ts'

/** A design space and what its points cost. */
export interface Sweep {
  /** The network or file that was varied. */
  readonly spec: string
  readonly space: Space
  readonly results: Results
  readonly objectives: readonly Objective[]
  /** Of each point, whether no other beats it. */
  readonly front: readonly boolean[]
}

/** Finds the points that no other beats; mistakes are never among them. */
export function judged({ objectives, results, ...sweep }: Omit<Sweep, 'front'>): Sweep {
  const sound = Array.from({ length: results.known }, (_, point) => point).filter(
    (point) => results.mistakeAt(point) === undefined,
  )
  const best = paretoFront(
    sound.map((point) =>
      objectives.map(({ value, better }) => {
        const number = results.valueAt(point, value) ?? 0
        return better === 'less' ? number : -number
      }),
    ),
  )
  const front = new Array<boolean>(results.known).fill(false)
  for (const [i, point] of sound.entries()) front[point] = best[i] ?? false
  return { ...sweep, objectives, results, front }
}

/** The points of the front, the best in the first objective first. */
export function frontPoints({ front, objectives, results }: Sweep): readonly number[] {
  const [first] = objectives
  const points = [...front.keys()].filter((point) => front[point])
  if (first === undefined) return points
  const sign = first.better === 'less' ? 1 : -1
  const value = (point: number): number => results.valueAt(point, first.value) ?? 0
  return points.sort((a, b) => sign * (value(a) - value(b)) || a - b)
}
