import type { Summary } from '../summarize.ts'

/** What a sweep tells of a point, in the order of its table. As in the report of an analysis: `seconds` of a step. */
export const valueNames = [
  'parameters',
  'macs',
  'bytes',
  'kernels',
  'seconds',
  'images_per_second',
  'peak_memory',
] as const
export type ValueName = (typeof valueNames)[number]

/** The values in the order of their names, null where no device was asked for; or the code of the mistake that the point is. */
export type Outcome = readonly (number | null)[] | string

export const isMistake = (outcome: Outcome): outcome is string => typeof outcome === 'string'

export const outcomeOf = (
  { parameters, macs, bytes, kernels, seconds, peak_memory: peak }: Summary,
  batch: number,
): Outcome => [
  parameters,
  macs,
  bytes,
  kernels,
  seconds ?? null,
  seconds === undefined ? null : speed(batch, seconds),
  peak,
]

/** Images a second; 0 for a step that takes no time. */
const speed = (batch: number, seconds: number): number => (seconds === 0 ? 0 : batch / seconds)
