import { planOf } from '../../ir/liveness.ts'
import { plus, type Amount } from './amount.ts'
import type { Moment } from './moment.ts'
import type { Occupancy, Part } from './parts.ts'
import type { Storage, StorageId } from './tape.ts'

/** What is in use while a moment lasts. */
export interface Occupied {
  readonly moment: Moment
  readonly occupancy: Occupancy
}

/**
 * Memory over time: each moment makes its storages, and each storage goes after the last moment that needs it.
 * @param initial what is in use before the first moment and stays to the end
 * @param wanted storages that live on after the last moment
 */
export function walk(
  moments: readonly Moment[],
  storages: readonly Storage[],
  initial: Occupancy,
  wanted: ReadonlySet<StorageId>,
  resident: ReadonlySet<StorageId>,
): readonly Occupied[] {
  const alive = new Set(resident)
  let occupancy = initial
  const change = (id: StorageId, sign: 1 | -1): void => {
    const storage = storages[id]
    if (storage !== undefined) occupancy = changed(occupancy, storage.part, storage.amount, sign)
  }
  return planOf({ nodes: moments }, new Set([...wanted, ...resident])).map(({ node: moment, release }) => {
    for (const id of moment.outputs) {
      if (alive.has(id)) continue
      alive.add(id)
      change(id, 1)
    }
    const during = changed(occupancy, 'workspace', moment.scratch, 1)
    for (const id of release) if (alive.delete(id)) change(id, -1)
    return { moment, occupancy: during }
  })
}

const changed = (occupancy: Occupancy, part: Part, { image, step }: Amount, sign: 1 | -1): Occupancy => ({
  ...occupancy,
  [part]: plus(occupancy[part], { image: sign * image, step: sign * step }),
})
