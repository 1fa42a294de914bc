import { type Calibration, type Device, peakOf } from '../devices/device.ts'

/** A number of the calibrated time model that measurements decide. */
interface Parameter {
  /** What it multiplies, for people. */
  readonly meaning: string
  readonly unit: 'share' | 'factor' | 'channels'
  /** What is believed of it before any measurement: its value, about. */
  readonly prior: number
  /** Standard deviation of its logarithm in that belief: 0.2 is a fifth more or less. */
  readonly spread: number
}

/**
 * All parameters of the calibrated time model (`price.ts` says how they enter), fitted separately to each engine,
 * layout and precision. All are positive, and the fit moves their logarithms.
 *
 * The priors are what kernels of their kind can be expected to do; they decide where measurements say nothing, as
 * about grouped convolutions where no measured network has one. A share of a peak may come out above 1: the boost
 * clock of the datasheet, from which the peak is reckoned, is not the highest at which a card runs.
 */
export const parameters = {
  dense_efficiency: {
    meaning: 'of the peak, what a wide dense convolution or linear layer reaches',
    unit: 'share',
    prior: 0.9,
    spread: 0.2,
  },
  narrow_width: {
    meaning: 'output channels at which a dense convolution has fallen to half of that',
    unit: 'channels',
    prior: 16,
    spread: 0.7,
  },
  misalignment: {
    meaning: 'arithmetic that a dense convolution costs in addition where channels are no multiple of 8',
    unit: 'factor',
    prior: 0.3,
    spread: 0.7,
  },
  unhidden: {
    meaning: 'of the shorter of arithmetic and memory, what a dense or grouped convolution does not overlap',
    unit: 'share',
    prior: 0.6,
    spread: 0.5,
  },
  grouped_efficiency: {
    meaning:
      'of the peak, what a grouped convolution reaches, its groups filled up to multiples of 8 channels',
    unit: 'share',
    prior: 0.4,
    spread: 0.5,
  },
  depthwise_efficiency: {
    meaning: 'of the peak without matrix units, what a depthwise convolution reaches',
    unit: 'share',
    prior: 0.2,
    spread: 0.5,
  },
  large_depthwise_efficiency: {
    meaning: 'the same of one with a kernel of 7 and more, or not square',
    unit: 'share',
    prior: 0.06,
    spread: 0.5,
  },
  memory_efficiency: {
    meaning: "of the memory's bandwidth, what a kernel that passes over tensors reaches",
    unit: 'share',
    prior: 0.92,
    spread: 0.08,
  },
  copy_efficiency: {
    meaning: 'the same of kernels that only move: concatenation, padding, copies of slices, shuffles',
    unit: 'share',
    prior: 0.85,
    spread: 0.2,
  },
} as const satisfies Readonly<Record<string, Parameter>>

export type ParameterName = keyof typeof parameters
export type Parameters = Readonly<Record<ParameterName, number>>

export const parameterNames = Object.keys(parameters) as readonly ParameterName[]

/** What is believed before any measurement. */
export const priors: Parameters = parametersFrom((name) => parameters[name].prior)

export function parametersFrom(value: (name: ParameterName) => number): Parameters {
  return Object.fromEntries(parameterNames.map((name) => [name, value(name)])) as Record<
    ParameterName,
    number
  >
}

/** What a calibration must have been measured with. */
export type CalibrationKey = Pick<Calibration, 'engine' | 'layout' | 'precision'>

interface PickedCalibration {
  readonly calibration: Calibration
  /** The device that it was measured on. */
  readonly from: Device
  /** Whether that is another one: what error predictions then have is not known. */
  readonly transferred: boolean
}

/**
 * The device's own calibration, else that of the most similar other device of the same kind: efficiencies carry over
 * where only the peaks differ. `undefined` where none was measured with that engine, layout and precision.
 */
export function pickCalibration(
  device: Device,
  key: CalibrationKey,
  others: readonly Device[],
): PickedCalibration | undefined {
  const own = calibrationFor(device, key)
  if (own !== undefined) return { calibration: own, from: device, transferred: false }
  const [nearest] = others
    .filter(({ kind, name }) => kind === device.kind && name !== device.name)
    .flatMap((from) => {
      const calibration = calibrationFor(from, key)
      return calibration === undefined ? [] : [{ calibration, from, transferred: true }]
    })
    .sort((a, b) => distance(a.from, device) - distance(b.from, device))
  return nearest
}

export const calibrationFor = (
  { calibrations = [] }: Device,
  { engine, layout, precision }: CalibrationKey,
): Calibration | undefined =>
  calibrations.find(
    (each) => each.engine === engine && each.layout === layout && each.precision === precision,
  )

/** Devices are alike whose arithmetic and bandwidth are in like proportion. */
function distance(a: Device, b: Device): number {
  return Math.abs(Math.log(ridge(a) / ridge(b)))
}

/** Every device computes in fp32 at least. */
const ridge = (device: Device): number => (peakOf(device, 'fp16') ?? peakOf(device, 'fp32'))?.ridge ?? 1
