import { describe, expect, it } from 'vitest'
import { parseAxes } from '../../../src/sweep/axis.ts'
import type { Outcome } from '../../../src/sweep/evaluate.ts'
import { Results, judged, type Sweep } from '../../../src/sweep/sweep.ts'
import { spaceOf } from '../../../src/sweep/space.ts'
import { sweepCsv, shownPoints, sweepData, sweepJson, sweepText } from '../../../src/report/sweep.ts'

const outcome = (parameters: number, seconds: number | null): Outcome => [
  parameters,
  5.7e9,
  1.2e8,
  450,
  seconds,
  seconds === null ? null : 256 / seconds,
  null,
  2 ** 30,
]

function sweepOf(outcomes: readonly Outcome[], ...over: readonly string[]): Sweep {
  const results = new Results(outcomes.length)
  results.add(outcomes)
  const objectives = [
    { value: outcomes.some((one) => one[4] !== null) ? 'seconds' : 'bytes', better: 'less' },
    { value: 'parameters', better: 'more' },
  ] as const
  return judged({ spec: 'net.arch', space: spaceOf(parseAxes(over)), results, objectives })
}

const sweep = sweepOf(
  [outcome(1e6, 0.5), outcome(2e6, 0.25), 'E0303', outcome(3e6, 0.75)],
  'width=-1,0.5',
  'depths=[1, 2],[3, 4]',
)

describe('sweepCsv', () => {
  it('has a row for each point, mistakes too', () => {
    expect(sweepCsv(sweep)).toBe(`\
width,depths,parameters,macs,bytes,kernels,seconds,images_per_second,peak_memory,pareto,error
-1,"[1, 2]",1000000,5700000000,120000000,450,0.5,512,1073741824,0,
-1,"[3, 4]",2000000,5700000000,120000000,450,0.25,1024,1073741824,1,
0.5,"[1, 2]",,,,,,,,,E0303
0.5,"[3, 4]",3000000,5700000000,120000000,450,0.75,341.3333333333333,1073741824,1,
`)
  })

  it('hands spreadsheets no formulas', () => {
    const odd = sweepOf([outcome(1, 1)], 'mode="=cmd(1,2)"')
    expect(sweepCsv(odd).split('\n')[1]).toMatch(/^"""=cmd\(1,2\)"""/)
    const negative = sweepOf([outcome(1, 1)], 'mode=-f(1)')
    expect(sweepCsv(negative).split('\n')[1]).toMatch(/^'-f\(1\),/)
  })
})

describe('sweepText', () => {
  it('counts, and lists what no other point beats', () => {
    expect(sweepText(sweep)).toBe(`\
net.arch
4 points of width (2) x depths (2); 1 is no network (E0303: 1)

No other point beats these 2 in time a step (less is better) and parameters (more is better):

width  depths  parameters     MACs     bytes  kernels  time a step  images/s  peak memory
-----------------------------------------------------------------------------------------
-1     [3, 4]     2.000 M  5.700 G  120.0 MB      450     250.0 ms     1,024     1.00 GiB
0.5    [3, 4]     3.000 M  5.700 G  120.0 MB      450     750.0 ms     341.3     1.00 GiB
`)
  })

  it('lists 40 at most, and no times where there are none', () => {
    const many = sweepOf(
      Array.from({ length: 90 }, () => outcome(1, null)),
      'width=1..90',
    )
    const text = sweepText(many, { width: 60 })
    expect(text).toContain('and 50 more')
    expect(text).not.toContain('images/s')
    expect(text.split('\n').filter((line) => line.startsWith('7 '))).toHaveLength(1)
  })

  it('of nothing but mistakes only counts them', () => {
    expect(sweepText(sweepOf(['E0303', 'E0301', 'E0303'], 'width=1..3'))).toBe(
      'net.arch\n3 points of width (3); 3 are no networks (E0303: 2, E0301: 1)\n',
    )
  })

  it('lets no setting act on the terminal', () => {
    const odd = sweepOf([outcome(1, 1)], 'mode="\u001b[31m"')
    expect(sweepText(odd)).not.toContain('\u001b')
  })
})

describe('sweepJson', () => {
  it('has settings, values and the mistakes', () => {
    const json = sweepJson(sweep)
    expect(json).toMatchObject({
      archc_sweep: 1,
      spec: 'net.arch',
      objectives: ['seconds', 'parameters'],
      maximise: ['parameters'],
      mistakes: [{ settings: { width: '0.5', depths: '[1, 2]' }, code: 'E0303' }],
    })
    expect(json.points).toHaveLength(3)
    expect(json.points[0]).toMatchObject({
      settings: { width: '-1' },
      values: { seconds: 0.5 },
      pareto: false,
    })
  })

  it('of a page keeps the front of very many points', () => {
    const many = sweepOf(
      Array.from({ length: 30_000 }, (_, i) => outcome(i === 12_345 ? 2 : 1, i === 12_345 ? 1 : 2)),
      'width=1..30000',
    )
    const points = shownPoints(many)
    expect(points).toContain(12_345)
    expect(points.length).toBeLessThanOrEqual(5001)
    expect(sweepData(many, points).points.filter(({ pareto }) => pareto)).toHaveLength(1)
    expect(shownPoints(sweep)).toEqual([0, 1, 2, 3])
  })
})
