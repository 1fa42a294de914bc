import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { calibrationFor } from '../../src/analysis/time/calibrations.ts'
import type { Errors } from '../../src/analysis/statistics.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'

const page = readFileSync(new URL('../../docs/analysis.md', import.meta.url), 'utf8')

const rowOf = (name: string): string[] => {
  const line = page.split('\n').find((each) => each.startsWith(`| ${name} `)) ?? expect.fail(`no row ${name}`)
  return line.split('|').map((cell) => cell.trim())
}

const calibrations = (['nhwc', 'nchw'] as const).map(
  (layout) =>
    calibrationFor(builtInDevice('rtx3090'), { engine: 'eager', layout, precision: 'mixed' }) ??
    expect.fail('no calibration'),
)

const cells = (errors: readonly Errors[]) => [
  errors.map(({ spearman }) => spearman.toFixed(3)).join(' / '),
  errors.map(({ kendall }) => kendall.toFixed(3)).join(' / '),
  `${errors.map(({ median }) => (100 * median).toFixed(1)).join(' / ')} %`,
  `${errors.map(({ p90 }) => (100 * p90).toFixed(0)).join(' / ')} %`,
]

it('docs/analysis.md states the errors that the device file has', () => {
  const fitted = calibrations.map(({ error }) => error)
  const roofline = calibrations.flatMap(({ roofline_error: error }) => error ?? [])
  expect(rowOf('calibrated, families held out').slice(3, 7)).toEqual(cells(fitted))
  expect(rowOf('roofline').slice(3, 7)).toEqual(cells(roofline))
})
