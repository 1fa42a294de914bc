import type { Counts, MemoryAnalysis, RunDescription } from './analysis.ts'

/** What the measures of a whole network are read from: an analysis has it, and so has the summary of a sweep's point. */
export interface Totals extends Counts {
  readonly run: Pick<RunDescription, 'batch'>
  readonly memory: Pick<MemoryAnalysis, 'peak' | 'device'>
}

/** The unit that the numbers of a measure stand in; empty where they count. */
export type MeasureUnit = '' | 'B' | 's' | 'J'

/** Whether a unit is divided, as in milliseconds; counts and bytes are whole. */
export const isDivided = (unit: string): boolean => unit === 's' || unit === 'J'

/** When the columns of a measure give way in a narrow terminal, lowest first; a column without such a number stays. */
interface Columns {
  readonly amount?: number
  /** Present where each row's share of the whole is shown too. */
  readonly share?: number
  /** How many digits the largest amount of the column has; all of them for `exact`. The default is the table's. */
  readonly digits?: number | 'exact'
}

/** A limit that `archc analyze` holds a network to. */
interface Budget {
  /** The option, whose value is parsed by the measure's unit. */
  readonly flags: string
  readonly help: string
  /** What follows an amount and its prefix in a message: `5.735 G` is one of `MACs an image`. */
  readonly unit: string
}

/** What a row of the table states. */
interface Row {
  /** Its short name in options, and at the head of columns whose table says what it is of; default: the key, the title. */
  readonly alias?: string
  /** Heads a column. */
  readonly title: string
  /** Stands alone, without a table around it. */
  readonly heading: string
  /** A sentence for the schemas of the JSON reports. */
  readonly description: string
  readonly unit: MeasureUnit
  /** Reports write numbers with a prefix of the unit, unless they are memory (powers of 1024) or stand for themselves. */
  readonly written?: 'binary' | 'plain'
  /** Present where every value is a whole number. */
  readonly whole?: true
  /** What an amount is of; absent where it is neither of an image nor of a step. */
  readonly per?: 'image' | 'step'
  readonly better: 'less' | 'more'
  /** Present where it has no value unless a device is asked for, or one whose file has figures of energy. */
  readonly needs?: 'device' | 'energy'
  /** Present where it is not predicted but estimated; its titles say so. */
  readonly isEstimate?: true
  /** Its place in the counts of a layer and part, where the key is not its name there. */
  readonly field?: string
  /** Its value for a part or a layer; absent where only a network has one. */
  readonly ofPart?: (counts: Counts) => number | undefined
  /** Its value for a whole network; default: as for a part. */
  readonly ofNetwork?: (network: Totals) => number | undefined
  /** The table of the parts of a network shows it. */
  readonly stages?: Columns
  /** The table of the layers shows it; `page` where only the table of the page does. */
  readonly layers?: Columns | 'page'
  /** `archc diff` compares it; its tables of parts show it where there is an order in which its columns give way. */
  readonly diff?: { readonly columns?: number }
  /** `archc analyze --compare` ranks networks by it. */
  readonly compare?: true
  /** `archc sweep` tells it of each point, and judges by it. */
  readonly sweep?: true
  /** `--sort` orders parts and layers by it. */
  readonly sort?: true
  readonly budget?: Budget
}

/**
 * Everything that is measured of a network, in the order of reports. Tables, CSV, pages, schemas, differences, comparisons,
 * sweeps, budgets and options are made from these rows.
 */
const rows = {
  parameters: {
    title: 'parameters',
    heading: 'Parameters',
    description: 'Elements of trainable parameters.',
    unit: '',
    whole: true,
    better: 'less',
    ofPart: (counts) => counts.parameters,
    stages: { amount: 7, share: 1 },
    layers: { amount: 3, digits: 'exact' },
    diff: { columns: 3 },
    compare: true,
    sweep: true,
  },
  macs: {
    title: 'MACs',
    heading: 'MACs an image',
    description:
      'Multiply-accumulates of convolutions and linear layers, bias not counted, for one image, forward only. One is two ' +
      'floating-point operations.',
    unit: '',
    whole: true,
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.macs,
    stages: { share: 2 },
    layers: { digits: 4 },
    diff: { columns: 6 },
    compare: true,
    sweep: true,
    sort: true,
    budget: {
      flags: '--max-macs <n>',
      help: 'fail where an image takes more, e.g. 4.1G',
      unit: 'MACs an image',
    },
  },
  fixed_macs: {
    title: 'fixed MACs',
    heading: 'MACs of fixed filters an image',
    description:
      'Multiply-accumulates of filters that are not learned (blur), for one image, forward only; not part of `macs`.',
    unit: '',
    whole: true,
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.fixed_macs,
  },
  arithmetic: {
    title: 'other ops',
    heading: 'Other operations an image',
    description:
      'Every other elementary operation of the kernels (additions, comparisons, exponentials), for one image; in training, ' +
      'backward and update too.',
    unit: '',
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.arithmetic,
    layers: 'page',
    diff: {},
  },
  bytes_read: {
    title: 'bytes read',
    heading: 'Bytes read an image',
    description: 'Bytes of activations that kernels read, for one image; in training, backward too.',
    unit: 'B',
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.bytes_read,
  },
  bytes_written: {
    title: 'bytes written',
    heading: 'Bytes written an image',
    description: 'Bytes of activations that kernels write, for one image; in training, backward too.',
    unit: 'B',
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.bytes_written,
  },
  bytes_weights: {
    title: 'bytes of weights',
    heading: 'Bytes of weights a step',
    description:
      "Bytes of parameters and buffers that kernels read or write, a step; in training, of gradients and of the optimiser's " +
      'state too.',
    unit: 'B',
    per: 'step',
    better: 'less',
    ofPart: (counts) => counts.bytes_weights,
  },
  bytes: {
    title: 'bytes',
    heading: 'Bytes an image',
    description: 'All bytes for one image: `bytes_read` + `bytes_written` + `bytes_weights` / `run.batch`.',
    unit: 'B',
    per: 'image',
    better: 'less',
    ofPart: (counts) => counts.bytes,
    stages: { share: 5 },
    layers: { share: 2 },
    diff: { columns: 5 },
    compare: true,
    sweep: true,
    sort: true,
    budget: {
      flags: '--max-bytes <n>',
      help: 'fail where an image moves more bytes, e.g. 120MB',
      unit: 'B moved an image',
    },
  },
  kernels: {
    title: 'kernels',
    heading: 'Kernels',
    description: 'Kernels launched, a step.',
    unit: '',
    whole: true,
    per: 'step',
    better: 'less',
    ofPart: (counts) => counts.kernels,
    diff: { columns: 2 },
    sweep: true,
  },
  intensity: {
    title: 'FLOP/B',
    heading: 'FLOPs a byte',
    description:
      'FLOPs a byte: two for every multiply-accumulate of the kernels (fixed filters included; in training, backward too) ' +
      'over `bytes`; 0 where no bytes are moved.',
    unit: '',
    written: 'plain',
    better: 'more',
    ofPart: (counts) => counts.intensity,
    stages: { amount: 4 },
    layers: { amount: 4 },
  },
  seconds: {
    alias: 'time',
    title: 'time a step',
    heading: 'Time of a step',
    description: 'Predicted seconds a step.',
    unit: 's',
    per: 'step',
    better: 'less',
    needs: 'device',
    field: 'time.seconds',
    ofPart: ({ time }) => time?.seconds,
    stages: { share: 6 },
    layers: { share: 7 },
    diff: { columns: 7 },
    compare: true,
    sweep: true,
    sort: true,
    budget: {
      flags: '--max-time <t>',
      help: 'fail where a step takes longer, e.g. 80ms',
      unit: 's a step',
    },
  },
  images_per_second: {
    alias: 'speed',
    title: 'images/s',
    heading: 'Images a second',
    description: 'Images a second at the predicted time.',
    unit: '',
    written: 'plain',
    better: 'more',
    needs: 'device',
    ofNetwork: ({ time, run }) => (time === undefined ? undefined : imagesPerSecond(run.batch, time.seconds)),
    diff: {},
    sweep: true,
  },
  energy_estimate: {
    alias: 'energy',
    title: 'energy (est.)',
    heading: 'Energy an image (estimate)',
    description:
      "Joules of one image, estimated: bytes and FLOPs times the picojoules of the device's file. Absent where it has none.",
    unit: 'J',
    per: 'image',
    better: 'less',
    needs: 'energy',
    isEstimate: true,
    ofPart: (counts) => counts.energy_estimate,
    stages: { amount: 0 },
    layers: { amount: 0 },
    diff: { columns: 4 },
    compare: true,
    sweep: true,
    sort: true,
    budget: {
      flags: '--max-energy <e>',
      help: 'fail where an image is estimated to take more, e.g. 50mJ',
      unit: 'J an image (estimate)',
    },
  },
  peak_memory: {
    alias: 'memory',
    title: 'peak memory',
    heading: 'Peak memory',
    description: 'Bytes that are held at the peak of a step.',
    unit: 'B',
    written: 'binary',
    per: 'step',
    better: 'less',
    ofNetwork: ({ memory }) => memory.peak,
    diff: { columns: 1 },
    sweep: true,
    budget: {
      flags: '--max-memory <n>',
      help: 'fail where the peak is higher, e.g. 2GiB',
      unit: 'B of memory',
    },
  },
  largest_batch: {
    title: 'largest batch',
    heading: 'Largest batch',
    description: "Images of the largest step that the device's memory holds.",
    unit: '',
    whole: true,
    better: 'more',
    needs: 'device',
    ofNetwork: ({ memory }) => memory.device?.largest_batch,
  },
} as const satisfies Readonly<Record<string, Row>>

type Rows = typeof rows
/** The name of a measure in JSON reports, in tables of sweeps and as an objective. */
export type MeasureKey = keyof Rows
/** The measures whose rows have a field. */
export type MeasuresWith<Field extends keyof Row> = {
  [Key in MeasureKey]: Rows[Key] extends Readonly<Record<Field, unknown>> ? Key : never
}[MeasureKey]
/** What options call the measures whose rows have a field. */
export type OptionName<Field extends keyof Row> = {
  [Key in MeasuresWith<Field>]: Rows[Key] extends { readonly alias: infer Alias } ? Alias : Key
}[MeasuresWith<Field>]

export interface Measure<Key extends MeasureKey = MeasureKey> extends Row {
  readonly key: Key
  readonly ofNetwork: (network: Totals) => number | undefined
}

/** Every measure, in the order of reports. */
export const measures: readonly Measure[] = Object.entries<Row>(rows).map(([key, row]) => ({
  ofNetwork: (network) => row.ofPart?.(network),
  ...row,
  key: key as MeasureKey,
}))

const byName = new Map<string, Measure>(
  measures.flatMap((measure) => [
    [measure.key, measure] as const,
    ...(measure.alias === undefined ? [] : [[measure.alias, measure] as const]),
  ]),
)

/** The measure that a key or an alias names. */
export const measureNamed = (name: string): Measure | undefined => byName.get(name)

export function measureOf<Key extends MeasureKey>(key: Key): Measure<Key> {
  const measure = byName.get(key)
  if (measure === undefined) throw new Error(`no row for ${key}`)
  return measure as Measure<Key>
}

/** The measures whose rows have a field, in the order of reports. */
export const measuresWith = <Field extends keyof Row>(
  field: Field,
): readonly (Measure<MeasuresWith<Field>> & Readonly<Record<Field, NonNullable<Row[Field]>>>)[] =>
  measures.filter(
    (measure): measure is Measure<MeasuresWith<Field>> & Readonly<Record<Field, NonNullable<Row[Field]>>> =>
      measure[field] !== undefined,
  )

/** How options call it. */
export const optionName = ({ key, alias }: Measure): string => alias ?? key

/** How a column is headed where the table says what it is of. */
export const shortTitle = ({ alias, title, isEstimate }: Measure): string =>
  isEstimate === true ? title : (alias ?? title)

/** 0 for a step that takes no time: a network of views. */
export const imagesPerSecond = (batch: number, seconds: number): number =>
  seconds === 0 ? 0 : batch / seconds
