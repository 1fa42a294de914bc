import { readFileSync } from 'node:fs'
import { analyze } from '../../src/analysis/analyze.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { defaultExecution, type ExecutionOptions } from '../../src/engines/kernel.ts'
import { predictionOf } from '../../src/analysis/throughput.ts'
import { kendall, spearman } from '../../src/analysis/statistics.ts'
import { builtInDevice, devicesWithCalibrations } from '../../src/host/built-ins.ts'
import { networkOf } from './networks.ts'

/** Images a second that TResNet's README gives for a V100 under mixed precision. */
interface Claims {
  readonly published?: Readonly<
    Record<string, { readonly infer_img_s?: number; readonly train_img_s?: number }>
  >
}

const PUBLISHED = 'test/reference/published.json'
const device = builtInDevice('v100')

/** The order of the nine networks that TResNet's README compares, each at its own size, as predicted and as measured. */
export function nineNetworks(): void {
  const claims = JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Readonly<Record<string, Claims>>
  for (const mode of ['inference', 'training'] as const) {
    const measured = Object.entries(claims).flatMap(([name, { published = {} }]) => {
      const own =
        published['tresnet_readme_v100_mixed_precision'] ??
        published['tresnet_readme_comparison_v100_mixed_precision']
      const speed = mode === 'inference' ? own?.infer_img_s : own?.train_img_s
      return speed === undefined ? [] : [{ name, speed }]
    })
    for (const model of ['roofline', 'calibrated'] as const) order(measured, mode, model)
  }
}

function order(
  measured: readonly { readonly name: string; readonly speed: number }[],
  mode: ExecutionOptions['mode'],
  model: 'roofline' | 'calibrated',
): void {
  const predicted = measured.map(({ name }) => {
    const options: ExecutionOptions = {
      ...defaultExecution,
      mode,
      layout: 'nchw',
      abn: 'inplace',
      partialConv: 'split_cat',
    }
    const graph = networkOf(name)
    const execution = eager(graph, options)
    const prediction = predictionOf(device, execution, devicesWithCalibrations, model)
    return prediction === undefined
      ? NaN
      : (analyze(graph, { execution, prediction }).throughput?.images_per_second ?? NaN)
  })
  const speeds = measured.map(({ speed }) => speed)
  console.log(`\n${device.title}, ${mode}, ${measured.length} networks of TResNet's README, nchw, ${model}`)
  measured.forEach(({ name, speed }, i) => {
    console.log(
      `  ${name.padEnd(20)}${(predicted[i] ?? NaN).toFixed(0).padStart(8)} img/s predicted${String(speed).padStart(8)} published`,
    )
  })
  console.log(
    `  spearman ${spearman(predicted, speeds).toFixed(4)}, kendall ${kendall(predicted, speeds).toFixed(4)}`,
  )
}
