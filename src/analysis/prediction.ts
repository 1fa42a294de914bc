import type { Calibration, Device } from './devices/device.ts'
import type { Execution } from './execution/kernel.ts'
import type { Prediction } from './throughput.ts'
import { calibrated } from './time/calibrated.ts'
import { calibrationFor, pickCalibration } from './time/pick-calibration.ts'
import { roofline } from './time/roofline.ts'

/**
 * How times are predicted on a device. Without a model asked for: calibrated where measurements were made with that
 * engine, layout and precision, on the device itself or on one like it; else the roofline. `undefined` where a calibrated
 * model was asked for and there is none.
 * @param others asked only where the device has no calibration of its own
 */
export function predictionOf(
  device: Device,
  { engine, options }: Execution,
  others: () => readonly Device[] = () => [],
  wanted?: 'roofline' | 'calibrated',
): Prediction | undefined {
  const key = { engine, layout: options.layout, precision: options.precision }
  // What was measured was inference.
  const isMeasured = options.mode === 'inference'
  const own = calibrationFor(device, key)
  if (wanted === 'roofline') return rooflineOf(device, isMeasured ? own : undefined)
  const picked = pickCalibration(device, key, own === undefined ? others() : [])
  if (picked === undefined) return wanted === undefined ? rooflineOf(device) : undefined
  const { calibration, from, transferred } = picked
  const known = isMeasured && !transferred
  return {
    device,
    model: calibrated(device, calibration),
    ...(transferred ? { calibratedOn: from.title } : {}),
    ...(known
      ? { error: { ...calibration.error, source: calibration.source }, ...coverageOf(calibration) }
      : {}),
  }
}

const rooflineOf = (device: Device, calibration?: Calibration): Prediction => ({
  device,
  model: roofline(device),
  ...(calibration?.roofline_error === undefined
    ? {}
    : {
        error: { ...calibration.roofline_error, source: calibration.source },
        ...coverageOf(calibration),
      }),
})

const coverageOf = ({ covers }: Calibration): Pick<Prediction, 'covers'> =>
  covers === undefined ? {} : { covers }
