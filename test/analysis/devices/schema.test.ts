import { Ajv2020 } from 'ajv/dist/2020.js'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { deviceSchema } from '../../../src/analysis/devices/read-device.ts'

it('specs/schemas/device.schema.json is up to date (vitest -u writes it anew)', async () => {
  const text = await format(JSON.stringify(deviceSchema()), { parser: 'json', printWidth: 110 })
  await expect(text).toMatchFileSnapshot('../../../specs/schemas/device.schema.json')
})

it('is valid draft 2020-12, with nothing ajv does not know', () => {
  expect(() => new Ajv2020({ strict: true }).compile(deviceSchema())).not.toThrow()
})

it('accepts calibrations, and holds them to their form', () => {
  const validate = new Ajv2020().compile({
    $ref: 'urn:archc:device:1#/$defs/calibration',
    $defs: { device: deviceSchema() },
  })
  const calibration = {
    engine: 'eager',
    layout: 'nhwc',
    precision: 'amp',
    parameters: { dense: 0.6, memory: 0.85 },
    rows: 40,
    networks: 20,
    error: { median: 0.05, p90: 0.2, spearman: 0.99, kendall: 0.95 },
    source: 'measured.csv',
  }
  expect(validate(calibration)).toBe(true)
  expect(validate({ ...calibration, layout: 'chwn' })).toBe(false)
  expect(validate({ ...calibration, rows: 0 })).toBe(false)
  expect(validate({ ...calibration, parameters: { dense: '0.6' } })).toBe(false)
})
