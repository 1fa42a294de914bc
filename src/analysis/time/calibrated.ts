import type { Calibration, Device } from '../devices/device.ts'
import { parameters, parametersFrom } from './parameters.ts'
import { price, termsOf } from './price.ts'
import type { TimeModel } from './time-model.ts'

/**
 * The time model whose efficiencies were fitted to measurements. Seconds at the device's peaks are corrected as
 * `price.ts` states; a calibration of another device of the same family serves too, since only the peaks are the
 * device's. A parameter that the calibration lacks has its prior.
 */
export function calibrated(device: Device, calibration: Pick<Calibration, 'parameters'>): TimeModel {
  const fitted = parametersFrom((name) => positive(calibration.parameters[name]) ?? parameters[name].prior)
  return { name: 'calibrated', time: (kernel, batch) => price(termsOf(kernel, batch, device), fitted) }
}

/** A program may hand in any number; a device file has been checked. */
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined
