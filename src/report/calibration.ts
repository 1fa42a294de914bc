import type { Calibrated } from '../analysis/calibration/calibrate.ts'
import type { Device } from '../analysis/devices/device.ts'
import type { Errors } from '../analysis/statistics.ts'
import { parameterNames, parameters, type ParameterName } from '../analysis/time/calibrations.ts'
import { printable } from '../diagnostics/printable.ts'
import { left, right, tableText } from './table.ts'
import { percent } from './units.ts'

/** The JSON of `archc calibrate --measured`. */
export const calibrationJson = (device: Device, results: readonly Calibrated[]) => ({
  device: device.name,
  calibrations: results.map(({ calibration, families, roofline, fitted, heldOut, rows }) => ({
    ...calibration,
    families,
    errors: { roofline, fitted, held_out: heldOut },
    measurements: rows.map(({ row, family, ...predicted }) => ({
      network: row.network,
      family,
      image_size: row.imageSize,
      batch: row.batch,
      pytorch: row.pytorch,
      images_per_s: {
        measured: row.imagesPerSecond,
        roofline: predicted.roofline,
        fitted: predicted.fitted,
        held_out: predicted.heldOut,
      },
    })),
  })),
})

/** Parameters with their meaning, and errors, of each layout. @param width columns of the terminal */
export function calibrationText(device: Device, results: readonly Calibrated[], width: number): string {
  const sections = results.map((result) => [
    headline(device, result),
    '',
    ...tableText(
      { columns: PARAMETERS, rows: parameterNames.map((name) => parameterRow(result, name)) },
      width,
    ),
    '',
    ...tableText({ columns: ERRORS, rows: errorRows(result) }, width),
  ])
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function headline(device: Device, { calibration, families }: Calibrated): string {
  const { engine, layout, precision, rows, networks } = calibration
  const what = `${device.name}, ${engine}, ${layout}, ${precision}`
  return printable(`${what}: ${rows} rows of ${networks} networks in ${families.length} families`)
}

const PARAMETERS = [
  left('parameter'),
  right('value'),
  right('prior'),
  left('unit', { dropOrder: 2 }),
  left('meaning', { dropOrder: 1 }),
]
const ERRORS = [
  left('|predicted / measured - 1|'),
  ...['median', '90th %', 'Spearman', 'Kendall'].map((title) => right(title)),
]

function parameterRow({ calibration }: Calibrated, name: ParameterName): readonly string[] {
  const { prior, unit, meaning } = parameters[name]
  return [name, String(calibration.parameters[name]), String(prior), unit, meaning]
}

const errorRows = ({ roofline, fitted, heldOut }: Calibrated): readonly (readonly string[])[] => [
  errorRow('roofline, nothing fitted', roofline),
  errorRow('calibrated, on what it was fitted to', fitted),
  errorRow('calibrated, on families held out', heldOut),
]

const errorRow = (title: string, { median, p90, spearman, kendall }: Errors): readonly string[] => [
  title,
  `${percent(median)}%`,
  `${percent(p90)}%`,
  spearman.toFixed(4),
  kendall.toFixed(4),
]
