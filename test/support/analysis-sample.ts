import type {
  Analysis,
  Counts,
  LayerAnalysis,
  StageAnalysis,
  Throughput,
} from '../../src/analysis/analysis.ts'

/** A machine of round numbers. */
const peaks = { matrix: 100e12, vector: 20e12, bandwidth: 1e12 }
const LAUNCH = 4e-6
const BATCH = 64

type Shape = readonly number[]
type Amounts = Pick<
  Counts,
  'parameters' | 'macs' | 'fixed_macs' | 'arithmetic' | 'bytes_read' | 'bytes_written' | 'bytes_weights'
>

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1)

/** Layers one after the other, as those of a residual network with a squeeze-and-excitation in each block. */
class Layers {
  readonly layers: LayerAnalysis[] = []
  part = 'stem'
  shape: Shape = [3, 224, 224]

  conv(path: string, channels: number, kernel: number, stride: number, depthwise = false): void {
    const [inChannels = 1, height = 1, width = 1] = this.shape
    const output = [channels, Math.ceil(height / stride), Math.ceil(width / stride)]
    const filter = (depthwise ? 1 : inChannels) * kernel ** 2
    this.add(path, 'conv', depthwise ? 'depthwise' : 'dense', output, {
      parameters: filter * channels,
      macs: filter * sizeOf(output),
    })
  }

  linear(path: string, features: number): void {
    const size = sizeOf(this.shape)
    this.add(path, 'linear', 'dense', [features], { parameters: size * features, macs: size * features })
  }

  pointwise(path: string, op: string, kind: LayerAnalysis['kind'] = 'pointwise', output = this.shape): void {
    this.add(path, op, kind, output, {
      arithmetic: sizeOf(this.shape),
      parameters: kind === 'norm' ? 2 * (output[0] ?? 0) : 0,
    })
  }

  private add(
    path: string,
    op: string,
    kind: LayerAnalysis['kind'],
    output: Shape,
    amounts: Partial<Amounts>,
  ): void {
    const moves = kind !== 'view'
    const counts = countsOf({
      parameters: 0,
      macs: 0,
      fixed_macs: 0,
      arithmetic: 0,
      bytes_read: moves ? 2 * sizeOf(this.shape) : 0,
      bytes_written: moves ? 2 * sizeOf(output) : 0,
      bytes_weights: 6 * (amounts.parameters ?? 0),
      ...amounts,
    })
    const location = { file: 'sample.arch', line: 1 + this.layers.length, column: 3 }
    const { part } = this
    const called_from = location
    this.layers.push({
      path,
      op,
      part,
      output,
      kind,
      fused_into: null,
      bias: null,
      called_from,
      location,
      ...counts,
    })
    this.shape = output
  }
}

function countsOf(amounts: Amounts): Counts {
  const bytes = amounts.bytes_read + amounts.bytes_written + amounts.bytes_weights / BATCH
  const flops = 2 * (amounts.macs + amounts.fixed_macs)
  return { ...amounts, bytes, kernels: bytes > 0 ? 1 : 0, intensity: bytes > 0 ? flops / bytes : 0 }
}

function network(): Layers {
  const net = new Layers()
  net.conv('stem.conv', 64, 7, 2)
  net.pointwise('stem.norm', 'batch_norm', 'norm')
  net.pointwise('stem.act', 'relu')
  net.pointwise('stem.pool', 'max_pool', 'pool', [64, 56, 56])
  for (const [stage, blocks] of [3, 4, 6, 3].entries())
    for (let block = 0; block < blocks; block++) addBlock(net, stage + 1, block)
  net.part = 'head'
  net.pointwise('head.pool', 'global_avg_pool', 'reduction', [512])
  net.pointwise('head.flatten', 'flatten', 'view')
  net.linear('head.fc', 1000)
  return net
}

function addBlock(net: Layers, stage: number, block: number): void {
  const at = `stage${stage}.${block}`
  const channels = 32 * 2 ** stage
  net.part = `stage${stage}`
  const steps: [string, () => void][] = [
    ['conv1', () => net.conv(`${at}.conv1`, channels, 3, block === 0 && stage > 1 ? 2 : 1)],
    ['depthwise', () => net.conv(`${at}.depthwise`, channels, 5, 1, true)],
    ['conv2', () => net.conv(`${at}.conv2`, channels, 3, 1)],
  ]
  for (const [name, step] of steps) {
    step()
    net.pointwise(`${at}.${name}.norm`, 'batch_norm', 'norm')
    net.pointwise(`${at}.${name}.act`, 'relu')
  }
  const { shape } = net
  net.pointwise(`${at}.se.pool`, 'global_avg_pool', 'reduction', [channels])
  net.linear(`${at}.se.reduce`, channels / 8)
  net.linear(`${at}.se.expand`, channels)
  net.pointwise(`${at}.se.scale`, 'mul', 'pointwise', shape)
  net.pointwise(`${at}.pad`, 'concat', 'copy')
  net.pointwise(`${at}.add`, 'add')
}

const amountKeys = [
  'parameters',
  'macs',
  'fixed_macs',
  'arithmetic',
  'bytes_read',
  'bytes_written',
  'bytes_weights',
] as const

function totalOf(layers: readonly LayerAnalysis[], whole: number): Counts {
  const sum = (of: (layer: LayerAnalysis) => number): number =>
    layers.reduce((total, layer) => total + of(layer), 0)
  const amounts = Object.fromEntries(
    amountKeys.map((key) => [key, sum((layer) => layer[key])]),
  ) as unknown as Amounts
  const counts = { ...countsOf(amounts), kernels: sum(({ kernels }) => kernels) }
  if (whole === 0) return counts
  const seconds = sum(({ time }) => time?.seconds ?? 0)
  const compute = sum(({ time }) => time?.compute ?? 0)
  const launch = sum(({ time }) => time?.launch ?? 0)
  const memory = seconds - compute - launch
  return {
    ...counts,
    time: {
      seconds,
      compute,
      memory,
      launch,
      bound: compute > memory ? 'compute' : 'memory',
      share: seconds / whole,
    },
  }
}

/** max(compute + memory, launch), of which the larger part names the bound. */
function secondsOf({ bytes, macs, kind }: LayerAnalysis): {
  compute: number
  memory: number
  launch: number
} {
  if (bytes === 0) return { compute: 0, memory: 0, launch: 0 }
  const peak = kind === 'depthwise' ? peaks.vector / 2 : peaks.matrix / 1.4
  const compute = (2 * macs * BATCH) / peak
  const memory = (bytes * BATCH) / (0.85 * peaks.bandwidth)
  if (compute + memory < LAUNCH) return { compute: 0, memory: 0, launch: LAUNCH }
  return compute > memory
    ? { compute: compute + memory, memory: 0, launch: 0 }
    : { compute: 0, memory: compute + memory, launch: 0 }
}

function timed(layers: readonly LayerAnalysis[]): { layers: LayerAnalysis[]; whole: number } {
  const times = layers.map((layer) => {
    const parts = secondsOf(layer)
    const bound = parts.compute > 0 ? 'compute' : parts.memory > 0 ? 'memory' : 'launch'
    return { ...parts, bound, seconds: parts.compute + parts.memory + parts.launch } as const
  })
  const whole = times.reduce((sum, { seconds }) => sum + seconds, 0)
  const withTimes = layers.map((layer, index) => {
    const time = times[index]!
    return { ...layer, time: { ...time, share: time.seconds / whole } }
  })
  return { layers: withTimes, whole }
}

function stagesOf(layers: readonly LayerAnalysis[], whole: number): StageAnalysis[] {
  return [...new Set(layers.map(({ part }) => part ?? 'other'))].map((name) => {
    const own = layers.filter(({ part }) => part === name)
    const kind = name === 'stem' || name === 'head' ? name : 'stage'
    return { name, kind, output: own.at(-1)?.output ?? [], ...totalOf(own, whole) }
  })
}

const throughputOf = (total: Counts): Throughput => {
  const seconds = total.time?.seconds ?? 0
  return {
    device: 'sample',
    title: 'Sample GPU (16 GB)',
    model: 'roofline',
    seconds,
    images_per_second: BATCH / seconds,
    compute_ceiling: peaks.matrix / (2 * total.macs),
    memory_ceiling: peaks.bandwidth / total.bytes,
    ridge: peaks.matrix / peaks.bandwidth,
    peaks,
    error: { median: 0.08, p90: 0.21, spearman: 0.99, kendall: 0.93, source: 'invented for this test' },
  }
}

function memoryOf(layers: readonly LayerAnalysis[], training: boolean): Analysis['memory'] {
  const weights = layers.reduce((sum, { parameters }) => sum + 4 * parameters, 0)
  let kept = 0
  const forward = layers.map(({ bytes_read, bytes_written }, layer) => {
    kept += training ? BATCH * bytes_written : 0
    return {
      layer,
      pass: 'forward' as const,
      bytes: weights + (training ? kept : BATCH * (bytes_read + bytes_written)),
    }
  })
  const backward = training
    ? [...forward]
        .reverse()
        .map(({ layer, bytes }) => ({ layer, pass: 'backward' as const, bytes: 1.04 * bytes }))
    : []
  const timeline = [...forward, ...backward]
  const peak = Math.max(...timeline.map(({ bytes }) => bytes))
  const peakLayer = timeline.find(({ bytes }) => bytes === peak)?.layer ?? -1
  const parts = [
    { name: 'activations', bytes: peak - weights },
    { name: 'weights', bytes: weights },
  ]
  return { peak, peak_layer: peakLayer, parts, timeline }
}

export interface SampleOptions {
  /** Whether a device was asked for; default: yes. */
  readonly device?: boolean
  readonly mode?: 'inference' | 'training'
}

/** What a report of a residual network of some 150 layers might be; its numbers are made up, but agree with each other. */
export function sampleAnalysis({ device = true, mode = 'inference' }: SampleOptions = {}): Analysis {
  const bare = network().layers
  const { layers, whole } = device ? timed(bare) : { layers: bare, whole: 0 }
  const total = totalOf(layers, whole)
  const memory = memoryOf(layers, mode === 'training')
  return {
    network: 'sample',
    input: [3, 224, 224],
    buffer_elements: 12_000,
    run: {
      engine: 'eager',
      batch: BATCH,
      precision: 'mixed',
      mode,
      layout: 'nhwc',
      partialConv: 'slicing',
      abn: 'separate',
    },
    ...total,
    ...(device ? { throughput: throughputOf(total) } : {}),
    memory: device ? { ...memory, device: { bytes: 16e9, reserved: 0.5e9, largest_batch: 2048 } } : memory,
    stages: stagesOf(layers, whole),
    layers,
  }
}
