import { expect, test } from 'vitest'
import type { Comparison } from '../../src/analysis/compare.ts'
import { compareCsv, compareJson, compareMarkdown, compareText } from '../../src/report/compare.ts'
import { sampleAnalysis } from '../support/analysis-sample.ts'

const { run } = sampleAnalysis()
const comparison: Comparison = {
  run,
  device: { name: 'sample', title: 'Sample GPU', model: 'roofline' },
  networks: [
    {
      name: 'wide_net',
      input: [3, 224, 224],
      amounts: { parameters: 25e6, macs: 4.1e9, bytes: 1.2e8, seconds: 0.0002 },
      ranks: { parameters: 2, macs: 2, bytes: 1, seconds: 1, measured: 1 },
      images_per_second: 5000,
      measured: { images_per_second: 4000, batch: 128, error: -0.2 },
    },
    {
      name: '=cmd',
      input: [3, 224, 224],
      amounts: { parameters: 5e6, macs: 1e9, bytes: 2e8, seconds: 0.0004 },
      ranks: { parameters: 1, macs: 1, bytes: 2, seconds: 2 },
      images_per_second: 2500,
    },
  ],
  accuracy: {
    networks: 2,
    predictors: [
      { predictor: 'macs', scale: 1e-13, spearman: NaN, kendall: -0.5, median: 0.49, p90: 1.2 },
      { predictor: 'seconds', spearman: 0.985, kendall: 0.9, median: 0.0812, p90: 0.2 },
    ],
  },
}

test('text: networks with places and errors, then how well each amount tells', () => {
  expect(compareText(comparison)).toBe(`\
2 networks: eager, inference, mixed, nhwc, batch 64, Sample GPU (roofline)

network   parameters  #     MACs  #     bytes  #      time  #  images/s  measured  #   error
--------------------------------------------------------------------------------------------
wide_net     25.00 M  2  4.100 G  2  120.0 MB  1  200.0 us  1     5,000     4,000  1  -20.0%
=cmd         5.000 M  1  1.000 G  1  200.0 MB  2  400.0 us  2     2,500         -          -

time: of one image, in a step of 64. error: of that time, + where it is longer than measured.

Against what was measured of 2 networks

by                  Spearman  Kendall  median error  90th %
-----------------------------------------------------------
MACs alone, scaled         -   -0.500         49.0%  120.0%
predicted time         0.985    0.900          8.1%   20.0%
`)
})

test('a narrow terminal loses places, not amounts', () => {
  const [, , header = ''] = compareText(comparison, { width: 80 }).split('\n')
  expect(header.length).toBeLessThanOrEqual(80)
  for (const title of ['parameters', 'MACs', 'bytes', 'time', 'measured', 'error'])
    expect(header).toContain(title)
})

test('Markdown shows names as they are, CSV keeps spreadsheets from reading formulas', () => {
  const markdown = compareMarkdown(comparison)
  expect(markdown).toContain('| wide_net | 25.00 M | 2 |')
  expect(markdown).toContain('| predicted time | 0.985 |')
  const [header, wide, odd] = compareCsv(comparison).split('\n')
  expect(header!.split(',')).toHaveLength(9)
  expect(wide).toBe('wide_net,25000000,4100000000,120000000,0.0002,5000,4000,128,-0.2')
  expect(odd).toBe("'=cmd,5000000,1000000000,200000000,0.0004,2500,,,")
})

test('JSON states its version', () => {
  expect(compareJson(comparison)).toMatchObject({ archc_comparison: 1, networks: [{ name: 'wide_net' }, {}] })
})
