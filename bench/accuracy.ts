/**
 * How well predictions do against measurements, with nothing else than what the repository holds:
 * `npm run bench:accuracy`. On the networks of test/reference/measured-rtx3090.csv, per layout: each amount alone, with
 * one number fitted (the median of measured time over amount); the roofline, with none; the calibrated model, whole
 * families held out in turn. Then the nine networks of TResNet's README on a V100, whose order is asked for.
 */
import { readFileSync } from 'node:fs'
import { calibrate, reduced, type MeasuredExecution } from '../src/analysis/calibration/calibrate.ts'
import { measuredExecution, readMeasured } from '../src/analysis/calibration/measured.ts'
import { eager } from '../src/engines/eager/eager.ts'
import { errorsOf, type Errors } from '../src/analysis/statistics.ts'
import { measuredNetworks } from '../src/cli/measured-networks.ts'
import type { Graph } from '../src/ir/graph.ts'
import { builtInDevice } from '../src/host/built-ins.ts'
import { amounts, scaledByMedian } from './lib/amounts.ts'
import { nineNetworks } from './lib/nine-networks.ts'

const FILE = 'test/reference/measured-rtx3090.csv'
const PRECISION = 'mixed'
const device = builtInDevice('rtx3090')

interface Case extends MeasuredExecution {
  readonly graph: Graph
}

function cases(layout: 'nhwc' | 'nchw'): readonly Case[] {
  const rows = readMeasured(readFileSync(FILE, 'utf8'), FILE).filter((row) => row.layout === layout)
  return measuredNetworks(rows).flatMap(({ graph, family }, i) => {
    const row = rows[i]
    if (row === undefined) return []
    return { row, graph, family, execution: eager(graph, measuredExecution(row, PRECISION)) }
  })
}

const line = (name: string, { spearman, kendall, median, p90 }: Errors): string =>
  `  ${name.padEnd(44)}${spearman.toFixed(4).padStart(9)}${kendall.toFixed(4).padStart(9)}` +
  `${(100 * median).toFixed(1).padStart(9)}${(100 * p90).toFixed(1).padStart(9)}`

function report(layout: 'nhwc' | 'nchw'): void {
  const all = cases(layout)
  const measured = all.map(({ row }) => 1 / row.imagesPerSecond)
  console.log(`\n${device.title}, ${layout}, ${all.length} rows, eager, autocast to fp16`)
  console.log(`  ${''.padEnd(44)} spearman  kendall median %   90th %`)
  for (const [name, amountOf] of Object.entries(amounts)) {
    const predicted = scaledByMedian(all.map(amountOf), measured)
    console.log(line(`${name} (1 fitted)`, errorsOf(predicted, measured)))
  }
  const key = { engine: 'eager', layout, precision: PRECISION } as const
  const { roofline, heldOut, fitted, calibration } = calibrate(
    all.map((each) => reduced(each, device)),
    key,
    {
      place: FILE,
      source: FILE,
    },
  )
  const count = Object.keys(calibration.parameters).length
  console.log(line('roofline (0 fitted)', roofline))
  console.log(line(`calibrated (${count} fitted), families held out`, heldOut))
  console.log(line(`calibrated (${count} fitted), on its own rows`, fitted))
}

report('nhwc')
report('nchw')
nineNetworks()
