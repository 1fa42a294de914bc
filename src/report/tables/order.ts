import type { Counts } from '../../analysis/analysis.ts'

/** What tables are sorted by, as `--sort` takes it. */
export const sortKeys = ['time', 'bytes', 'macs'] as const
export type SortKey = (typeof sortKeys)[number]

const measures: Readonly<Record<SortKey, (counts: Counts) => number>> = {
  time: ({ time }) => time?.seconds ?? 0,
  bytes: ({ bytes }) => bytes,
  macs: ({ macs }) => macs,
}

/** Largest first, and equals in the order of execution; as they are executed where no key is given. */
export function ordered<Row extends Counts>(rows: readonly Row[], key?: SortKey): readonly Row[] {
  if (key === undefined) return rows
  const measure = measures[key]
  return [...rows].sort((a, b) => measure(b) - measure(a))
}
