import type { Step } from '../../ir/liveness.ts'
import type { Amount } from './amount.ts'
import { Ledger } from './ledger.ts'
import type { Moment } from './moment.ts'
import type { Part } from './parts.ts'
import type { Storage, StorageId } from './tape.ts'

/** The moments of a step in order, each with the storages that nothing later needs, and what there is from the start. */
export interface Course {
  readonly steps: readonly Step<Moment>[]
  readonly storages: readonly Storage[]
  /** In use before the first moment, and to the end. */
  readonly initial: readonly (readonly [Part, Amount])[]
  /** Storages that are part of `initial`. */
  readonly resident: ReadonlySet<StorageId>
}

/**
 * Memory over time: each moment makes its storages, and each storage goes after the last moment that needs it.
 * @param visit is told what is in use while each moment lasts; the ledger changes afterwards
 */
export function walk(
  { steps, storages, initial, resident }: Course,
  visit: (moment: Moment, ledger: Ledger) => void,
): void {
  const ledger = new Ledger()
  for (const [part, amount] of initial) ledger.change(part, amount)
  const alive = new Set(resident)
  const change = (id: StorageId, sign: 1 | -1): void => {
    const storage = storages[id]
    if (storage !== undefined) ledger.change(storage.part, storage.amount, sign)
  }
  for (const { node: moment, release } of steps) {
    for (const id of moment.outputs) {
      if (alive.has(id)) continue
      alive.add(id)
      change(id, 1)
    }
    ledger.change('workspace', moment.scratch)
    visit(moment, ledger)
    ledger.change('workspace', moment.scratch, -1)
    for (const id of release) if (alive.delete(id)) change(id, -1)
  }
}
