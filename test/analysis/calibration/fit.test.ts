import { describe, expect, it } from 'vitest'
import {
  errorsOfSteps,
  familiesOf,
  heldOutPredictions,
  fit,
  predictedSeconds,
  workloadOf,
} from '../../../src/analysis/calibration/calibrate.ts'
import { parameterNames, priors } from '../../../src/analysis/time/calibrations.ts'
import { price, termsOf } from '../../../src/analysis/time/time-model.ts'
import { kernelOf } from '../time/devices.ts'
import { device, observations } from './synthetic.ts'

const truth = {
  dense_efficiency: 0.7,
  narrow_width: 30,
  misalignment: 0.6,
  unhidden: 0.35,
  grouped_efficiency: 0.25,
  depthwise_efficiency: 0.1,
  large_depthwise_efficiency: 0.03,
  memory_efficiency: 0.8,
  copy_efficiency: 0.6,
}

describe('a workload', () => {
  it('counts equal kernels once and takes as long as all of them', () => {
    const kernels = [kernelOf(), kernelOf({ macs: 5 }), kernelOf({ name: 'another' })]
    const workload = workloadOf(kernels, 2, device)
    expect(workload.map(({ count }) => count)).toEqual([2, 1])
    const times = kernels.map((kernel) => price(termsOf(kernel, 2, device), truth).total)
    expect(predictedSeconds(workload, truth)).toBeCloseTo(
      times.reduce((a, b) => a + b),
      12,
    )
  })
})

describe('fit', () => {
  it('finds the parameters that made the times', () => {
    const fitted = fit(observations(truth, 400))
    for (const name of parameterNames)
      // The priors pull a little.
      expect(Math.abs(Math.log(fitted[name] / truth[name])), name).toBeLessThan(0.1)
  })

  it('gives the same each time', () => {
    const given = observations(truth, 20, 0.1)
    expect(fit(given)).toEqual(fit(given))
  })

  it('believes its priors where nothing was measured', () => {
    const unfitted = fit([])
    for (const name of parameterNames) expect(unfitted[name]).toBeCloseTo(priors[name], 9)
    const [one] = observations(truth, 1)
    const fitted = fit(one === undefined ? [] : [one])
    for (const name of parameterNames)
      expect(Math.abs(Math.log(fitted[name] / priors[name]))).toBeLessThan(1.5)
  })

  it('is not led astray by a row that is wrong', () => {
    const sound = observations(truth, 80)
    const [first, ...others] = sound
    const spoiled = first === undefined ? [] : [{ ...first, seconds: 10 * first.seconds }, ...others]
    const [a, b] = [fit(sound), fit(spoiled)]
    for (const name of parameterNames) expect(Math.abs(Math.log(a[name] / b[name])), name).toBeLessThan(0.15)
  })
})

describe('held-out predictions', () => {
  it('leave each family out once', () => {
    const left: string[] = []
    const given = observations(truth, 25)
    heldOutPredictions(given, (family) => left.push(family))
    expect(left).toEqual(familiesOf(given))
    expect(left).toHaveLength(5)
  })

  it('do not know what they predict', () => {
    const given = observations(truth, 30)
    const changed = given.map((each, i) => (i === 0 ? { ...each, seconds: 1000 * each.seconds } : each))
    const [a] = heldOutPredictions(given)
    const [b] = heldOutPredictions(changed)
    // Of its own family nothing is fitted, so that its own wrong time changes nothing.
    expect(a).toBe(b)
  })

  it('are as good as the noise on what the model made', () => {
    const given = observations(truth, 60, 0.02)
    const { median, kendall } = errorsOfSteps(heldOutPredictions(given), given)
    expect(median).toBeLessThan(0.03)
    expect(kendall).toBeGreaterThan(0.95)
  })
})

it('errors are of the time of an image, not of a step', () => {
  const [one] = observations(truth, 1)
  if (one === undefined) throw new Error('no observation')
  const steps = [
    { ...one, batch: 1, seconds: 2 },
    { ...one, batch: 10, seconds: 10 },
    { ...one, batch: 100, seconds: 50 },
  ]
  // Times of an image are 2, 1 and 0.5: the order of the steps' reversed.
  expect(errorsOfSteps([2, 10, 50], steps)).toEqual({ median: 0, p90: 0, spearman: 1, kendall: 1 })
  expect(errorsOfSteps([1, 10, 100], steps).kendall).toBeNaN()
})
