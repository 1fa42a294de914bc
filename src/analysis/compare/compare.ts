import type { Analysis } from '../analysis.ts'
import type { Measured } from '../calibration/measured.ts'
import { accuracyOf } from './accuracy.ts'
import { predictors, type Compared, type Comparison, type MeasuredSpeed, type Named } from './comparison.ts'
import { placesOf } from './places.ts'

/**
 * Ranks networks by what they cost, beside what was measured of them where that is known. All have been analysed for the
 * same engine, device and batch.
 * @param measured rows of other networks, layouts and sizes are not looked at
 */
export function compare(networks: readonly Named[], measured: readonly Measured[] = []): Comparison {
  const [first] = networks
  if (first === undefined) throw new Error('nothing to compare')
  const entries = networks.map((network) => entryOf(network, measured))
  const accuracy = accuracyOf(entries)
  const { run, throughput } = first.analysis
  return {
    run,
    ...(throughput === undefined
      ? {}
      : { device: { name: throughput.device, title: throughput.title, model: throughput.model } }),
    networks: fastestFirst(withRanks(entries)),
    ...(accuracy === undefined ? {} : { accuracy }),
  }
}

/** An entry whose places are not known yet. */
type Unranked = Omit<Compared, 'ranks'>

function entryOf({ name, analysis }: Named, measured: readonly Measured[]): Unranked {
  const { input, parameters, macs, bytes, throughput } = analysis
  const seconds = throughput === undefined ? undefined : throughput.seconds / analysis.run.batch
  const speed = speedOf(name, analysis, seconds, measured)
  return {
    name,
    input,
    amounts: { parameters, macs, bytes, ...(seconds === undefined ? {} : { seconds }) },
    ...(throughput === undefined ? {} : { images_per_second: throughput.images_per_second }),
    ...(speed === undefined ? {} : { measured: speed }),
  }
}

/** The row of the network, at its size and layout, whose batch is the nearest; of several, the newest PyTorch's. */
function speedOf(
  name: string,
  { network, input: [, height, width], run }: Analysis,
  seconds: number | undefined,
  measured: readonly Measured[],
): MeasuredSpeed | undefined {
  const rows = measured.filter(
    (row) =>
      (row.network === name || row.network === network) &&
      row.layout === run.layout &&
      row.imageSize === height &&
      row.imageSize === width,
  )
  const [row] = rows.sort(
    (a, b) => distance(a.batch, run.batch) - distance(b.batch, run.batch) || byVersion(b.pytorch, a.pytorch),
  )
  if (row === undefined) return undefined
  const { imagesPerSecond, batch } = row
  const error = seconds === undefined ? {} : { error: seconds * imagesPerSecond - 1 }
  return { images_per_second: imagesPerSecond, batch, ...error }
}

const distance = (a: number, b: number): number => Math.abs(Math.log(a / b))

/** `2.10` is newer than `2.9`. */
function byVersion(a: string, b: string): number {
  const [first, second] = [a, b].map((version) =>
    version.split('.').map((part) => Number.parseInt(part, 10) || 0),
  )
  for (const [i, part] of first?.entries() ?? []) {
    const difference = part - (second?.[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function withRanks(entries: readonly Unranked[]): Compared[] {
  const ranks = entries.map((): Compared['ranks'] => ({}))
  const add = (what: keyof Compared['ranks'], values: readonly (number | undefined)[]): void => {
    for (const [i, place] of placesOf(values).entries())
      if (place !== undefined) ranks[i] = { ...ranks[i], [what]: place }
  }
  for (const predictor of predictors)
    add(
      predictor,
      entries.map(({ amounts }) => amounts[predictor]),
    )
  add(
    'measured',
    entries.map(({ measured }) => measured && 1 / measured.images_per_second),
  )
  return entries.map((entry, i) => ({ ...entry, ranks: ranks[i] ?? {} }))
}

/** By predicted time; where none is predicted, by the bytes that decide it most. */
function fastestFirst(entries: readonly Compared[]): readonly Compared[] {
  const key = ({ amounts }: Compared): number => amounts.seconds ?? amounts.bytes ?? 0
  return [...entries].sort((a, b) => key(a) - key(b))
}
