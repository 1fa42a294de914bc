import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import {
  evaluatePoint,
  outcomeOfPoint,
  type SweepPlan,
  sweepMeasures,
  type SweepKey,
  type Outcome,
} from '../../src/sweep/evaluate.ts'
import { defaultObjectives, parseObjectives } from '../../src/sweep/pareto.ts'
import { parseAxes } from '../../src/sweep/axis.ts'
import { Results, frontPoints, judged } from '../../src/sweep/sweep.ts'
import { spaceOf } from '../../src/sweep/space.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { hostOf } from '../support/host.ts'

const text = `import { se } from "std/attention"
network net(width: int = 8, depths: int[] = [1, 1]) {
  input 3 x 32 x 32
  stem = conv(width, 3, stride: 2) -> relu
  stage a = unit(width) x depths[0] with se(reduction: 4) at gate
  stage b = unit(2 * width) x depths[1]
  head = global_avg_pool -> linear(10)
}
block unit(width: int) {
  return x -> conv(width, 3) -> batch_norm -> relu -> slot gate
}
`
const program = loadProgram('net.arch', hostOf({ 'net.arch': text }))
const device = builtInDevice('rtx3090')
const planOf = (...over: readonly string[]): SweepPlan => ({
  program,
  options: {},
  space: spaceOf(parseAxes(over)),
  request: () => ({ prediction: { device, model: roofline(device) } }),
})
const valueOf = (outcome: Outcome, name: SweepKey): number => {
  const value = outcome[sweepMeasures.findIndex(({ key }) => key === name)]
  return typeof value === 'number' ? value : expect.fail(JSON.stringify(outcome))
}

describe('a point', () => {
  it('costs what the analysis of its network says', async () => {
    const plan = planOf('width=8,16', 'depths=[1, 1],[2, 3]')
    const settings = new Map(
      plan.space.at(3).map(({ expression }, i) => [plan.space.axes[i]!.name, expression!]),
    )
    const { graph } = elaborate(program, { settings })
    const { parameters, macs, bytes, kernels, throughput, memory } = analyze(graph!, {
      prediction: { device, model: roofline(device) },
    })
    const outcome = await evaluatePoint(plan, 3)
    expect(outcome.slice(0, 4)).toEqual([parameters, macs, bytes, kernels])
    expect(valueOf(outcome, 'seconds')).toBeCloseTo(throughput!.seconds, 12)
    expect(valueOf(outcome, 'images_per_second')).toBeCloseTo(throughput!.images_per_second, 3)
    expect(valueOf(outcome, 'peak_memory')).toBe(memory.peak)
  })

  it('may change blocks, sizes and batches', async () => {
    const first = await evaluatePoint(planOf('width=8'), 0)
    const gates = await evaluatePoint(planOf('se.reduction=2'), 0)
    // Two hidden channels become four: 2 * 8 weights of either layer more, and 2 biases.
    expect(valueOf(gates, 'parameters') - valueOf(first, 'parameters')).toBe(2 * 2 * 8 + 2)
    const larger = await evaluatePoint(planOf('input_size=64'), 0)
    expect(valueOf(larger, 'macs') / valueOf(first, 'macs')).toBeGreaterThan(3.9)
    const explicit = await evaluatePoint(planOf('input_size=3x64x64'), 0)
    expect(explicit).toEqual(larger)
    const batches = await evaluatePoint(planOf('batch=512'), 0)
    expect(valueOf(batches, 'macs')).toBe(valueOf(first, 'macs'))
    expect(valueOf(batches, 'seconds')).toBeGreaterThan(valueOf(first, 'seconds'))
  })

  it('that is no network is its mistake', async () => {
    const plan = planOf('width=0,8', 'input_size=32')
    expect(await outcomeOfPoint(plan, 0)).toBe('E0301')
    expect(Array.isArray(await outcomeOfPoint(plan, 1))).toBe(true)
    await expect(evaluatePoint(plan, 0)).rejects.toThrow('E0301')
  })
})

describe('objectives', () => {
  const known = { device: true, energy: false }

  it.each([
    ['time,+parameters', ['seconds less', 'parameters more']],
    ['macs, bytes, memory', ['macs less', 'bytes less', 'peak_memory less']],
    ['speed,parameters', ['images_per_second more', 'parameters less']],
    ['-speed,+kernels', ['images_per_second less', 'kernels more']],
  ])('%s', (given, meaning) => {
    expect(parseObjectives(given, known).map(({ value, better }) => `${value} ${better}`)).toEqual(meaning)
  })

  it.each(['time', 'time,time', 'time,+seconds', 'a,b', '', 'macs,bytes,kernels,parameters'])(
    '%j is E1406',
    (given) => {
      expect(() => parseObjectives(given, known)).toThrow('E1406')
    },
  )

  it('are of energy only where the device has figures of it', () => {
    expect(() => parseObjectives('energy,macs', known)).toThrow('E1406')
    expect(parseObjectives('energy,macs', { device: true, energy: true })[0]).toEqual({
      value: 'energy_estimate',
      better: 'less',
    })
  })

  it('are not of time without a device', () => {
    expect(() => parseObjectives('time,macs', { device: false, energy: false })).toThrow('E1406')
    expect(defaultObjectives(false).map(({ value }) => value)).toEqual(['bytes', 'parameters'])
  })
})

describe('a sweep', () => {
  const outcome = (parameters: number, seconds: number): Outcome => [
    parameters,
    1,
    1,
    1,
    seconds,
    1 / seconds,
    1,
  ]
  const results = new Results(5)
  results.add([outcome(10, 3), outcome(20, 3), 'E0303'])
  results.add([outcome(5, 1), outcome(30, 9)])
  const space = spaceOf(parseAxes(['width=1..5']))
  const sweep = judged({ spec: 'net', space, results, objectives: defaultObjectives(true) })

  it('knows its front, the best in the first objective first', () => {
    expect(sweep.front).toEqual([false, true, false, true, true])
    expect(frontPoints(sweep)).toEqual([3, 1, 4])
  })

  it('counts mistakes by code, and has no values for them', () => {
    expect([...results.mistakesByCode]).toEqual([['E0303', 1]])
    expect(results.valueAt(2, 'macs')).toBeUndefined()
    expect([results.known, results.mistakeAt(2), results.valueAt(4, 'parameters')]).toEqual([5, 'E0303', 30])
  })
})
