import type { Analysis, RunDescription } from './analysis.ts'
import { type Errors, errorsOf, quantile } from './statistics.ts'
import { measuresWith, type MeasuresWith } from './measures.ts'
import type { Measured } from './calibration/measured.ts'

/** A network to compare, as the user called it. */
interface Named {
  readonly name: string
  readonly analysis: Analysis
}

/** Several networks side by side, the fastest first. The keys are those of the JSON report. */
export interface Comparison {
  /** How all of them were run. */
  readonly run: RunDescription
  /** Absent where no device was asked for. */
  readonly device?: { readonly name: string; readonly title: string; readonly model: string }
  readonly networks: readonly Compared[]
  /** How well each amount tells what was measured; absent where less than two networks were. */
  readonly accuracy?: Accuracy
}

export interface Compared {
  readonly name: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  readonly amounts: Readonly<Partial<Record<Predictor, number>>>
  /** Place by each amount from 1, the least first; equal amounts share the better place. */
  readonly ranks: Readonly<Partial<Record<Predictor | 'measured', number>>>
  readonly images_per_second?: number
  readonly measured?: MeasuredSpeed
}

/** What a comparison orders networks by. All are of one image; `seconds` is the predicted time. */
export type Predictor = MeasuresWith<'compare'>

interface MeasuredSpeed {
  readonly images_per_second: number
  /** The batch that it was measured at: the nearest to that of the run. */
  readonly batch: number
  /** Predicted over measured time, less 1; absent where no time is predicted. */
  readonly error?: number
}

export interface Accuracy {
  /** Networks that were measured. */
  readonly networks: number
  /** Without those of which a network has nothing. */
  readonly predictors: readonly PredictorAccuracy[]
}

/** How well an amount tells the seconds an image. */
export interface PredictorAccuracy extends Errors {
  readonly predictor: Predictor
  /**
   * Seconds for one of its units. An amount is no time: what it is multiplied with makes its median ratio to the measured
   * times 1, which is the best that one number can do. Absent of the predicted time, which is compared as it is.
   */
  readonly scale?: number
}

/** Places from 1, the least value first; equal values share the better place, and what is absent has none. */
function placesOf(values: readonly (number | undefined)[]): (number | undefined)[] {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const first = new Map<number, number>()
  for (const [index, value] of sorted.entries()) if (!first.has(value)) first.set(value, index + 1)
  return values.map((value) => (value === undefined ? undefined : first.get(value)))
}

/** Fewer networks than these have no order. */
const FEWEST = 2

/** How well each amount tells the measured times; `undefined` where less than two networks were measured. */
function accuracyOf(entries: readonly Pick<Compared, 'amounts' | 'measured'>[]): Accuracy | undefined {
  const known = entries.flatMap(({ amounts, measured }) =>
    measured === undefined ? [] : [{ amounts, seconds: 1 / measured.images_per_second }],
  )
  if (known.length < FEWEST) return undefined
  const seconds = known.map((one) => one.seconds)
  return {
    networks: known.length,
    predictors: measuresWith('compare').flatMap(({ key: predictor }) => {
      const values = known.flatMap(({ amounts }) => amounts[predictor] ?? [])
      return values.length < known.length || cannotScale(predictor, values)
        ? []
        : [accuracy(predictor, values, seconds)]
    }),
  }
}

/** Whatever 0 is multiplied with, it is no time: networks may have no parameters, or no MACs. */
const cannotScale = (predictor: Predictor, values: readonly number[]): boolean =>
  predictor !== 'seconds' && values.includes(0)

function accuracy(
  predictor: Predictor,
  values: readonly number[],
  seconds: readonly number[],
): PredictorAccuracy {
  if (predictor === 'seconds') return { predictor, ...errorsOf(values, seconds) }
  const scale = quantile(
    seconds.map((time, i) => time / (values[i] ?? NaN)),
    0.5,
  )
  const scaled = values.map((value) => value * scale)
  return { predictor, scale, ...errorsOf(scaled, seconds) }
}

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
  const { input, throughput } = analysis
  const amounts = amountsAnImage(analysis)
  const speed = speedOf(name, analysis, amounts.seconds, measured)
  return {
    name,
    input,
    amounts,
    ...(throughput === undefined ? {} : { images_per_second: throughput.images_per_second }),
    ...(speed === undefined ? {} : { measured: speed }),
  }
}

/** What is told of a step is divided by its images. */
function amountsAnImage(analysis: Analysis): Compared['amounts'] {
  const amounts: Partial<Record<Predictor, number>> = {}
  for (const { key, per, ofNetwork } of measuresWith('compare')) {
    const amount = ofNetwork(analysis)
    if (amount !== undefined) amounts[key] = per === 'step' ? amount / analysis.run.batch : amount
  }
  return amounts
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
  for (const { key: predictor } of measuresWith('compare'))
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
