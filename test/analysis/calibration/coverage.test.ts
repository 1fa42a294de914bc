import { expect, it } from 'vitest'
import { beyondCoverage } from '../../../src/analysis/calibration/coverage.ts'
import { eager } from '../../../src/engines/eager/eager.ts'
import { kernelsOf } from '../../../src/engines/schedule.ts'
import { calibrationFor } from '../../../src/analysis/time/calibrations.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'
import { networkGraph } from '../../networks/support.ts'

const key = { engine: 'eager', layout: 'nchw', precision: 'mixed' } as const
const covers = calibrationFor(builtInDevice('rtx3090'), key)?.covers
const kernels = kernelsOf(eager(networkGraph('resnet18')))
const measured = { batch: 1024, size: [224, 224], kernels }
const asked = (changes: object, known = covers) => beyondCoverage(known, { ...measured, ...changes }, () => 1)

it('lets an error stand inside of what was measured', () => {
  expect(asked({})).toBeUndefined()
})

it.each([
  ['batch 1 was not measured (measured: 384 to 1024)', { batch: 1 }],
  ['batch 2048 was not measured (measured: 384 to 1024)', { batch: 2048 }],
  ['224 x 64 pixels was not measured', { size: [224, 64] }],
  ['512 x 512 pixels was not measured', { size: [512, 512] }],
  ['inputs that are no pictures were not measured', { size: [] }],
] as const)('%s', (reason, changes) => {
  expect(asked(changes)?.replace('pixels were', 'pixels was')).toContain(reason)
})

it('names an operator that no measured network has, from a hundredth of the time on', () => {
  const relu = kernels.find(({ name }) => name === 'relu')
  if (!relu) throw new Error('ResNet-18 has no relu')
  const strange = { ...relu, name: 'gelu' }
  expect(asked({ kernels: [...kernels, strange] })).toMatch(/^no measured network has gelu, where/)
  const many = Array.from({ length: 10 }, () => kernels).flat()
  expect(asked({ kernels: [...many, strange] })).toBeUndefined()
})

it('knows nothing where the calibration does not say what it covers', () => {
  expect(beyondCoverage(undefined, measured, () => 1)).toBe('its calibration does not say what was measured')
})
