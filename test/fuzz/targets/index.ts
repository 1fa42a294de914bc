import type { Target } from '../target.ts'
import { checkpoints } from './checkpoints.ts'
import { ir } from './ir.ts'
import { others } from './others.ts'
import { specs } from './specs.ts'

/** Each with its share: of thirteen inputs ten are specs, since most people write those. */
const shares: readonly (readonly [Target, number])[] = [
  [specs, 10],
  [checkpoints, 1],
  [ir, 1],
  [others, 1],
]

export const targets: readonly Target[] = shares.map(([target]) => target)

const order = shares.flatMap(([{ name }, share]) => Array<string>(share).fill(name))

/** The target of the input with this number, where all are tried in turn. */
export const targetOfTurn = (index: number): string => order[index % order.length] ?? specs.name

export function targetNamed(name: string): Target {
  const found = targets.find((target) => target.name === name)
  if (found === undefined) throw new Error(`no target is called ${name}`)
  return found
}
