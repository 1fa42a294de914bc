import { expect, it } from 'vitest'
import { measuredExecution } from '../../../src/analysis/calibration/measured.ts'

it.each([
  ['1.13', 'inplace'],
  ['1.13.1', 'inplace'],
  ['1', 'inplace'],
  ['2.4', 'separate'],
  ['10.1', 'separate'],
  ['', 'separate'],
])('under PyTorch %j, activated batch norm is %s', (pytorch, abn) => {
  const options = measuredExecution({ layout: 'nchw', pytorch }, 'fp32')
  expect(options).toMatchObject({ abn, layout: 'nchw', precision: 'fp32', mode: 'inference' })
})
