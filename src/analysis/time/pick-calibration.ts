import type { Calibration, Device } from '../devices/device.ts'
import { peakOf } from '../devices/rates.ts'

/** What a calibration must have been measured with. */
export type CalibrationKey = Pick<Calibration, 'engine' | 'layout' | 'precision'>

export interface PickedCalibration {
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
