import { dataTypes, type DataType, type ComputeUnit } from '../../engines/kernel.ts'
import type { Errors } from '../statistics.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'

/**
 * A machine as the cost model sees it: what `specs/devices/NAME.json` says, in the form of
 * `specs/schemas/device.schema.json`. Figures are what the vendor or a measurement states; nothing here is fitted but
 * the calibrations.
 */
export interface Device {
  /** For editors; archc does not follow it. */
  readonly $schema?: string
  readonly archc_device: 1
  /** As `--device` takes it; the name of the file. */
  readonly name: string
  readonly title: string
  readonly kind: 'gpu' | 'cpu'
  /** Bytes of the memory that holds tensors. */
  readonly memory: Figure
  /** Bytes of it that are gone before the first tensor: driver, context, libraries' workspaces. */
  readonly reserved: Figure
  /** Bytes a second between that memory and the chip. */
  readonly bandwidth: Figure
  /** Bytes of the last cache that all cores share. */
  readonly cache: Figure
  /** Seconds from one kernel to the next where kernels are too short to hide it. */
  readonly launch: Figure
  readonly rates: Rates
  /** Absent where no figures are known: then nothing is said of energy. */
  readonly energy?: Energy
  readonly sources: Readonly<Record<string, Source>>
  /** Efficiencies fitted to measurements on this device, each with the error that it leaves. */
  readonly calibrations?: readonly Calibration[]
}

/** A number and where it comes from. */
export interface Figure {
  readonly value: number
  /** A key of `sources`. */
  readonly source: string
  readonly note?: string
}

interface Source {
  readonly title: string
  readonly url: string
}

/** Peak rates in operations a second (a multiply-accumulate is two), dense, by type and unit. */
type Rates = Readonly<Partial<Record<DataType, Readonly<Partial<Record<ComputeUnit, Figure>>>>>>

/** Picojoules, from which energy is estimated. */
export interface Energy {
  /** Picojoules of one byte that is read from or written to the memory that holds tensors. */
  readonly byte: Figure
  /** Picojoules of one floating-point operation, by type; there is one for every type that the device has rates of. */
  readonly operation: Readonly<Partial<Record<DataType, Figure>>>
}

/** What `archc calibrate` wrote: parameters of the calibrated time model, and how well they do. */
export interface Calibration {
  /** What was measured. */
  readonly engine: string
  readonly layout: 'nhwc' | 'nchw'
  readonly precision: string
  readonly parameters: Readonly<Record<string, number>>
  /** Rows and distinct networks that it was fitted to. */
  readonly rows: number
  readonly networks: number
  /** On networks of families that were left out of the fit. */
  readonly error: Errors
  /** The same of the roofline with nothing fitted, on the same rows. */
  readonly roofline_error?: Errors
  /** What was measured: beyond it, the errors say nothing. Absent where it is not known. */
  readonly covers?: Coverage
  readonly source: string
}

/** The conditions of measurements. */
export interface Coverage {
  readonly batch: Range
  /** Height and width in pixels. */
  readonly image_size: Range
  /** What the measured networks launch; filters with how they are computed. */
  readonly operators: readonly string[]
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** The most that a device does in one data type. */
export interface Peak {
  readonly unit: ComputeUnit
  /** Operations a second. */
  readonly figure: Figure
  /** FLOP a byte from which on arithmetic and not memory is the limit (Williams et al., doi:10.1145/1498765.1498785). */
  readonly ridge: number
}

/** `undefined` where the device does not compute in the type. */
export function peakOf({ rates, bandwidth }: Device, type: DataType): Peak | undefined {
  const { matrix, vector } = rates[type] ?? {}
  const useMatrix = (matrix?.value ?? 0) >= (vector?.value ?? 0)
  const figure = useMatrix ? matrix : vector
  if (figure === undefined) return undefined
  return { unit: useMatrix ? 'matrix' : 'vector', figure, ridge: figure.value / bandwidth.value }
}

/** The types that a device computes in. */
export const dataTypesOf = (device: Device): readonly DataType[] =>
  dataTypes.filter((type) => peakOf(device, type) !== undefined)

/**
 * What the user means by a data type.
 * @throws DiagnosticError E1005 where there is none of that name, or the device does not compute in it
 */
export function dataTypeOf(device: Device, name: string): DataType {
  const known = dataTypesOf(device)
  const type = known.find((each) => each === name)
  if (type !== undefined) return type
  const isType = dataTypes.some((each) => each === name)
  const facts = { device: device.name, type: name, isType, known }
  throw new DiagnosticError([diagnose('E1005', { path: device.name }, facts)])
}

/** A type, and those that stand in for it where a unit of a device does not have it, best first. */
const candidates: Readonly<Record<DataType, readonly DataType[]>> = {
  fp32: ['fp32'],
  tf32: ['tf32', 'fp32'],
  fp16: ['fp16', 'fp32'],
  bf16: ['bf16', 'fp32'],
  int8: ['int8', 'fp16', 'fp32'],
}

/**
 * The peak in FLOP/s of a unit for a type; in a wider one where the device does not have the type. What matrix units would
 * do, a device without them does on its vector units. The reverse does not hold: what runs on vector units (depthwise
 * convolutions) does so because matrix units cannot do it, so that it has their rate only where no other is stated.
 */
export function peakRate({ name, rates }: Device, type: DataType, unit: ComputeUnit): number {
  for (const each of unit === 'vector' ? candidates[type] : []) {
    const rate = rates[each]?.vector
    if (rate !== undefined) return rate.value
  }
  for (const each of candidates[type]) {
    const rate = rates[each]?.matrix ?? rates[each]?.vector
    if (rate !== undefined) return rate.value
  }
  throw new Error(`${name} has no rate for ${type}`)
}

/** The picojoules of a floating-point operation in a type; in a wider one where the device does not have the type. */
export function picojoulesOf({ operation }: Energy, type: DataType): number {
  const figure = candidates[type].map((each) => operation[each]).find((each) => each !== undefined)
  // Reading a device has made sure that each of its types has a figure; a program may hand in any device.
  return figure?.value ?? NaN
}
