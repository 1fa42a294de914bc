import { readdirSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Device, Figure } from '../../../analysis/devices/device.ts'
import { openTfjs } from './device.ts'
import { add, conv2d, matMul, ones, reshape, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'

/**
 * Measures this machine as a tfjs backend makes use of it: a device of kind `cpu`, with fp32 only. Takes about ten
 * seconds, during which nothing else happens. `undefined` where the backend does not start.
 * @param onStep is told what is measured next
 */
export async function measureDevice(
  backend: string,
  onStep: (what: string) => void,
): Promise<Device | undefined> {
  if ((await openTfjs(backend)) !== backend) return undefined
  const host = hostFacts()
  return measuredDevice(backend, measureMachine(host.cache ?? 0, onStep), host)
}

/** What the operating system says of this machine. */
export interface Host {
  readonly model: string
  readonly threads: number
  /** Bytes of memory, and of what this process holds before it computes. */
  readonly memory: number
  readonly used: number
  /** Bytes of the last cache; absent where the system does not tell. */
  readonly cache?: number
  /** `2026-03-31` */
  readonly date: string
}

function hostFacts(): Host {
  const cache = lastCache()
  return {
    model: cpus()[0]?.model.trim() ?? 'an unknown processor',
    threads: cpus().length,
    memory: totalmem(),
    used: process.memoryUsage().rss,
    ...(cache === undefined ? {} : { cache }),
    date: new Date().toISOString().slice(0, 10),
  }
}

const CACHES = '/sys/devices/system/cpu/cpu0/cache'

/** The largest cache that Linux lists; other systems have no such folder. */
function lastCache(): number | undefined {
  try {
    const sizes = readdirSync(CACHES)
      .filter((name) => name.startsWith('index'))
      .map((name) => /^(\d+)K/.exec(readFileSync(`${CACHES}/${name}/size`, 'utf8'))?.[1])
    const largest = Math.max(...sizes.map((size) => Number(size ?? 0)))
    return largest > 0 ? 1024 * largest : undefined
  } catch {
    return undefined
  }
}

/** Where the system does not tell: what a desktop's processor has about. */
const USUAL_CACHE = 2 ** 24
/** The most that a WebAssembly memory of the backend's binary grows to (65,536 pages), and what it starts with (256). */
const WASM_MEMORY = 2 ** 32
const WASM_START = 2 ** 24
/** Neither backend computes in several threads under Node. */
const THREADS = 1

/** The device file that measurements and the system's figures make. */
export function measuredDevice(backend: string, measured: MachineFigures, host: Host): Device {
  const isWasm = backend === 'wasm'
  const { model, threads, date } = host
  return {
    archc_device: 1,
    name: `tfjs_${backend}`,
    title: `tfjs ${backend} on ${model}`.slice(0, 1000),
    kind: 'cpu',
    memory: isWasm
      ? figure(Math.min(host.memory, WASM_MEMORY), 'system', 'WebAssembly addresses 4 GiB.')
      : figure(host.memory, 'system'),
    reserved: isWasm
      ? figure(WASM_START, 'system', 'The memory that the backend starts with.')
      : figure(host.used, 'system', 'What the process held when it began to measure.'),
    bandwidth: figure(measured.bandwidth, 'measured', 'Of a sum of two arrays, read and written.'),
    cache:
      host.cache === undefined
        ? figure(USUAL_CACHE, 'system', 'Assumed: this system does not tell.')
        : figure(host.cache, 'system'),
    launch: figure(measured.launch, 'measured', 'From one sum of two numbers to the next.'),
    rates: {
      fp32: {
        vector: figure(measured.rate, 'measured', 'The faster of a matrix product and a 3x3 convolution.'),
      },
    },
    sources: {
      measured: {
        title: `measured by archc calibrate --backend ${backend} on ${model} with ${THREADS} of ${threads} threads, ${date}`,
        url: `https://www.npmjs.com/package/@tensorflow/tfjs-backend-${backend}`,
      },
      system: {
        title: `what Node and the operating system say of ${model}, ${date}`,
        url: 'https://nodejs.org/api/os.html',
      },
    },
  }
}

/** Four figures: more is noise. Amounts of memory are exact. */
const figure = (value: number, source: 'measured' | 'system', note?: string): Figure => ({
  value: source === 'measured' ? Number(value.toPrecision(4)) : value,
  source,
  ...(note === undefined ? {} : { note }),
})

/** What the active tfjs backend reaches here. */
export interface MachineFigures {
  /** FLOP/s of the fastest matrix product or convolution tried. */
  readonly rate: number
  /** Bytes a second, read and written, of a sum of arrays beyond the cache. */
  readonly bandwidth: number
  /** Seconds of an operation that has next to nothing to do. */
  readonly launch: number
}

/** A run takes at least this long, as far as its size may grow: a timer and a busy machine then matter little. */
const LONG_ENOUGH = 0.05
/** Seconds that repeating one thing may take, and how often it is repeated at most. */
const PATIENCE = 1.5
const MOST_RUNS = 15
const MOST_ROWS = 2048
const LARGEST_ARRAY = 2 ** 28
const TINY_STEPS = 2000

/**
 * Measures the active backend in about ten seconds: the median of several runs, after one to warm up, of sizes that
 * grow until a run can be timed. Only for backends that compute before they return, as wasm and cpu do.
 * @param cache bytes of the last cache, which the arrays of the bandwidth's measurement must not fit in
 * @param onStep is told what is measured next
 */
export function measureMachine(cache: number, onStep: (what: string) => void): MachineFigures {
  onStep('arithmetic')
  const rate = Math.max(productRate(), convolutionRate())
  onStep('bandwidth')
  const bandwidth = sumBandwidth(cache)
  onStep('time from one operation to the next')
  return { rate, bandwidth, launch: launchTime() }
}

/** n x n times n x n: 2 n^3 FLOP. */
function productRate(): number {
  const size = longEnough(128, MOST_ROWS, (rows) =>
    timed(
      [
        [rows, rows],
        [rows, rows],
      ],
      ([a, b]) => matMul(a, b),
    ),
  )
  const seconds = repeated(
    [
      [size, size],
      [size, size],
    ],
    ([a, b]) => matMul(a, b),
  )
  return (2 * size ** 3) / seconds
}

const MAP = 28

/** 3 x 3 on 28 x 28 positions, as many channels out as in: 2 x 9 x 28^2 n^2 FLOP. */
function convolutionRate(): number {
  const shapes = (channels: number): Shapes => [
    [1, MAP, MAP, channels],
    [3, 3, channels, channels],
  ]
  const apply: Operation = ([x, filter]) => conv2d(asRank4(x), asRank4(filter), 1, 'same')
  const channels = longEnough(32, 512, (count) => timed(shapes(count), apply))
  return (2 * 9 * MAP ** 2 * channels ** 2) / repeated(shapes(channels), apply)
}

function asRank4(x: Tensor): Tensor4D {
  const [a = 1, b = 1, c = 1, d = 1] = x.shape
  return reshape(x, [a, b, c, d])
}

/** Two arrays read and one written, 4 bytes an element. */
function sumBandwidth(cache: number): number {
  const bytes = Math.min(Math.max(cache, 2 ** 26), LARGEST_ARRAY)
  const length = bytes / 4
  return (3 * bytes) / repeated([[length], [length]], ([a, b]) => add(a, b))
}

function launchTime(): number {
  const steps: Operation = ([one, other]) => {
    let sum: Tensor = one
    for (let step = 0; step < TINY_STEPS; step++) sum = add(sum, other)
    return sum
  }
  return repeated([[1], [1]], steps) / TINY_STEPS
}

type Shapes = readonly [readonly number[], readonly number[]]
type Operation = (operands: readonly [Tensor, Tensor]) => Tensor

/** The first of the doubled sizes whose run takes long enough. */
function longEnough(start: number, most: number, time: (size: number) => number): number {
  let size = start
  while (size < most && time(size) < LONG_ENOUGH) size *= 2
  return size
}

/** Seconds of one run, after one that warms up. */
const timed = (shapes: Shapes, operation: Operation): number =>
  withOperands(shapes, operation, (run) => run())

/** The median of several runs. */
const repeated = (shapes: Shapes, operation: Operation): number =>
  withOperands(shapes, operation, (run) => {
    const times: number[] = []
    for (let spent = 0; times.length < MOST_RUNS && (spent < PATIENCE || times.length < 3);) {
      times.push(run())
      spent += times.at(-1) ?? 0
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? 0
  })

/** Makes operands, warms up, measures, and leaves no tensor behind. */
function withOperands(
  [first, second]: Shapes,
  operation: Operation,
  measure: (run: () => number) => number,
): number {
  const operands = [ones([...first]), ones([...second])] as const
  const run = (): number => {
    const start = performance.now()
    tidy(() => void operation(operands))
    return (performance.now() - start) / 1000
  }
  run()
  const seconds = measure(run)
  for (const operand of operands) operand.dispose()
  return seconds
}
