import { describe, expect, it } from 'vitest'
import { refuseFew, refuseUseless } from '../../../src/analysis/calibration/calibrate.ts'
import { priors } from '../../../src/analysis/time/calibrations.ts'

const facts = { layout: 'nhwc', rows: 9, place: 't.csv' }
const good = { median: 0.1, p90: 0.3, spearman: 0.9, kendall: 0.8 }

it('wants nine rows of two families', () => {
  expect(() => refuseFew(facts, 2)).not.toThrow()
  expect(() => refuseFew(facts, 1)).toThrow('E1210: 9 nhwc rows of 1 family do not decide 9 parameters')
  expect(() => refuseFew({ ...facts, rows: 8 }, 2)).toThrow('E1210')
})

describe('what a device file cannot say', () => {
  it.each([
    ['no order', priors, { ...good, kendall: NaN }, 'have no order'],
    ['an error beyond all units', priors, { ...good, p90: 2e6 }, 'no fit comes near these 9 nhwc rows'],
    ['an error that is none', priors, { ...good, median: NaN }, 'no fit comes near'],
    ['an endless efficiency', { ...priors, dense_efficiency: Infinity }, good, 'no fit comes near'],
    ['an efficiency of nothing', { ...priors, copy_efficiency: 1e-9 }, good, 'no fit comes near'],
  ])('%s is E1211', (_, parameters, errors, said) => {
    expect(() => refuseUseless(facts, parameters, [good, errors])).toThrow(/^E1211/)
    expect(() => refuseUseless(facts, parameters, [good, errors])).toThrow(said)
  })

  it('takes everything else', () => {
    expect(() => refuseUseless(facts, priors, [good, { ...good, median: 99, spearman: -1 }])).not.toThrow()
  })
})
