import type { Errors } from '../statistics.ts'

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

export interface Source {
  readonly title: string
  readonly url: string
}

/** Types that tensors are computed in. fp16 and bf16 accumulate in fp32. */
export const dataTypes = ['fp32', 'tf32', 'fp16', 'bf16', 'int8'] as const
export type DataType = (typeof dataTypes)[number]

/** `matrix`: tensor cores and their kin. `vector`: CUDA cores, ALUs, SIMD lanes. */
export type Unit = 'matrix' | 'vector'

/** Peak rates in operations a second (a multiply-accumulate is two), dense, by type and unit. */
export type Rates = Readonly<Partial<Record<DataType, Readonly<Partial<Record<Unit, Figure>>>>>>

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
