/** The tables of examples/why-flops-mislead/README.md that no single command prints, from the JSON that archc prints. */
import type { Analysis } from '../src/analysis/analysis.ts'
import type { Comparison, PredictorAccuracy } from '../src/analysis/compare.ts'
import type { MeasureUnit } from '../src/analysis/measures.ts'
import { exact, joined, percent, quantity, significant } from '../src/report/units.ts'
import type { Archc } from './why-flops-mislead.ts'

export const tables: ReadonlyMap<string, (archc: Archc) => Promise<string>> = new Map([
  ['orders', ordersTable],
  ['concat', concatTable],
  ['formulas', formulasTable],
  ['eager', eagerTable],
])

/** The nine networks of the two tables of TResNet's README. */
export const NINE = [
  ...['resnet50', 'resnet50d', 'resnext50_32x4d', 'seresnext50_32x4d', 'efficientnet_b1', 'mixnet_l'],
  ...['tresnet_m', 'tresnet_l', 'tresnet_xl'],
]
/** TResNet's norms are InPlaceABN, which computes in NCHW. */
export const V100 = ['--compare', '--device', 'v100', '--layout', 'nchw', '--abn', 'inplace']

/** A way to predict the nine networks. */
interface Order {
  readonly title: string
  /** Pixels of EfficientNet-B1's pictures. */
  readonly b1: number
  readonly args: readonly string[]
}

const inference = ['--measured', 'tresnet-readme.csv']
const training = ['--training', '--measured', 'tresnet-readme-training.csv']
const uncalibrated = ['--time-model', 'roofline']

export const orders: readonly Order[] = [
  { title: 'inference, calibrated', b1: 240, args: inference },
  { title: 'inference, calibrated', b1: 224, args: [...inference, '--input-size', '3x224x224'] },
  { title: 'inference, roofline', b1: 240, args: [...inference, ...uncalibrated] },
  { title: 'training, calibrated', b1: 240, args: training },
]

export const comparisonOf = async (archc: Archc, args: readonly string[]): Promise<Comparison> =>
  JSON.parse(await archc(['analyze', ...args, '--json'])) as Comparison

export const analysisOf = async (archc: Archc, args: readonly string[]): Promise<Analysis> =>
  JSON.parse(await archc(['analyze', ...args, '--json'])) as Analysis

export function accuracyBy(
  { accuracy }: Comparison,
  predictor: PredictorAccuracy['predictor'],
): PredictorAccuracy {
  const found = accuracy?.predictors.find((each) => each.predictor === predictor)
  if (found === undefined) throw new Error(`nothing was measured to compare ${predictor} with`)
  return found
}

async function ordersTable(archc: Archc): Promise<string> {
  const rows = await Promise.all(orders.map((order) => orderRow(archc, order)))
  return markdown(['', 'B1 at', 'MACs', 'bytes', 'time', 'time: Kendall', 'median error'], rows)
}

async function orderRow(archc: Archc, { title, b1, args }: Order): Promise<readonly string[]> {
  const comparison = await comparisonOf(archc, [...NINE, ...V100, ...args])
  const time = accuracyBy(comparison, 'seconds')
  const amounts = (['macs', 'bytes'] as const).map((by) => accuracyBy(comparison, by).spearman)
  const coefficients = [...amounts, time.spearman, time.kendall].map((value) => value.toFixed(3))
  return [title, `${b1} px`, ...coefficients, `${percent(time.median)}%`]
}

/** A network and how it is run. */
type Run = readonly [network: string, engine: 'eager' | 'fused']

/** The module in its three forms, and the networks made of them. */
export const joins: readonly Run[] = [
  ['concat.arch', 'eager'],
  ['add.arch', 'eager'],
  ['merged.arch', 'eager'],
  ['ghostnet_100', 'eager'],
  ['repghostnet_100', 'eager'],
  ['repghostnet_deployed.arch', 'eager'],
  ['ghostnet_100', 'fused'],
  ['repghostnet_deployed.arch', 'fused'],
]

async function concatTable(archc: Archc): Promise<string> {
  const rows = joins.map(async ([network, engine]) => {
    const analysis = await analysisOf(archc, [network, '--engine', engine])
    const { macs, bytes, kernels } = analysis
    const shares = (['concat', 'add'] as const).map((op) => shareText(analysis, op))
    return [`${nameOf(network)}, ${engine}`, amount(macs), String(kernels), amount(bytes, 'B'), ...shares]
  })
  return markdown(['', 'MACs', 'kernels', 'bytes', 'of `concat`', 'of `add`'], await Promise.all(rows))
}

/** Bytes of an operator and its share of them all. */
export function bytesBy({ layers, bytes }: Analysis, op: string): { bytes: number; share: number } {
  const own = layers.filter((layer) => layer.op === op).reduce((sum, layer) => sum + layer.bytes, 0)
  return { bytes: own, share: own / bytes }
}

function shareText(analysis: Analysis, op: string): string {
  const { bytes, share } = bytesBy(analysis, op)
  return bytes === 0 ? '-' : `${amount(bytes, 'B')}, ${percent(share)}%`
}

/** A convolution of k x k over c of an h x h map's channels. */
export interface Convolution {
  readonly file: string
  readonly formula: string
  /** FLOPs as the paper counts them, and elements moved (Chen et al. 2023, section 3), of `c` channels at `h` x `h`. */
  readonly flops: (c: number, h: number) => number
  readonly moved: (c: number, h: number) => number
}

/** k squared. */
const K2 = 9

export const convolutions: readonly Convolution[] = [
  {
    file: 'regular.arch',
    formula: 'h w 2c + k² c²',
    flops: (c, h) => h * h * K2 * c ** 2,
    moved: (c, h) => h * h * 2 * c + K2 * c ** 2,
  },
  {
    file: 'depthwise.arch',
    formula: 'h w 2c + k² c',
    flops: (c, h) => h * h * K2 * c,
    moved: (c, h) => h * h * 2 * c + K2 * c,
  },
  {
    file: 'widened.arch',
    formula: "h w 2c' + k² c', c' = 6c",
    flops: (c, h) => h * h * K2 * 6 * c,
    moved: (c, h) => h * h * 2 * 6 * c + K2 * 6 * c,
  },
  {
    file: 'partial.arch',
    formula: 'h w 2c_p + k² c_p², c_p = c / 4',
    flops: (c, h) => h * h * K2 * (c / 4) ** 2,
    moved: (c, h) => h * h * 2 * (c / 4) + K2 * (c / 4) ** 2,
  },
]

/** Bytes of an element in half precision. */
export const HALF = 2
/** Channels, height and width of FasterNet-T2's stages: the specs' defaults are the first. */
export const STAGES: readonly (readonly [channels: number, size: number])[] = [
  [96, 56],
  [192, 28],
  [384, 14],
  [768, 7],
]

/** A convolution of one picture, in half precision. */
export const fusedConvolution = (
  archc: Archc,
  file: string,
  [channels, size]: readonly [number, number],
): Promise<Analysis> => {
  const sizes = ['--set', `channels=${channels}`, '--set', `size=${size}`]
  return analysisOf(archc, [file, '--engine', 'fused', '--precision', 'fp16', '--batch', '1', ...sizes])
}

async function formulasTable(archc: Archc): Promise<string> {
  const [first = [1, 1]] = STAGES
  const rows = convolutions.map(async ({ file, formula, flops, moved }) => {
    const { macs, bytes, intensity } = await fusedConvolution(archc, file, first)
    const claims = [exact(flops(...first)), `${formula} = ${exact(moved(...first))}`]
    return [
      nameOf(file),
      claims[0] ?? '',
      exact(macs),
      claims[1] ?? '',
      exact(bytes),
      significant(intensity, 3),
    ]
  })
  const columns = ['', 'FLOPs, the paper', 'MACs, archc', 'elements, the paper', 'bytes, archc', 'FLOP/B']
  return markdown(columns, await Promise.all(rows))
}

const half = ['--precision', 'fp16']

/** The ways to run the convolutions that a table compares. */
export const waysToRun: readonly (readonly [title: string, args: readonly string[]])[] = [
  ['partial, as the formula has it', ['partial.arch', '--engine', 'fused', ...half]],
  ['partial, eager, `split_cat`', ['partial.arch', '--partial-conv', 'split_cat', ...half]],
  ['partial, eager, `slicing`', ['partial.arch', '--partial-conv', 'slicing', ...half]],
  ['depthwise, eager', ['depthwise.arch', ...half]],
  ['widened depthwise, eager', ['widened.arch', ...half]],
]

async function eagerTable(archc: Archc): Promise<string> {
  const rows = waysToRun.map(async ([title, args]) => {
    const { macs, kernels, bytes, throughput, run } = await analysisOf(archc, args)
    const seconds = (throughput?.seconds ?? NaN) / run.batch
    return [title, amount(macs), String(kernels), amount(bytes, 'B'), amount(seconds, 's')]
  })
  return markdown(['', 'MACs', 'kernels', 'bytes', 'predicted time'], await Promise.all(rows))
}

const nameOf = (file: string): string => file.replace('.arch', '')

const amount = (value: number, unit: MeasureUnit = ''): string => joined(quantity(value, unit))

/** The first column is text, the others are numbers. */
function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map((_, index) => (index === 0 ? ':--' : '--:'))
  return [columns, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
