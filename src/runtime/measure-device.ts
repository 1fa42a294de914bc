import { readdirSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Device, Figure } from '../analysis/devices/device.ts'
import type { MachineFigures } from './measure-machine.ts'
import { openTfjs, type TfjsDevice } from './tfjs-device.ts'

/**
 * Measures this machine as a tfjs backend makes use of it: a device of kind `cpu`, with fp32 only. Takes about ten
 * seconds, during which nothing else happens. `undefined` where the backend does not start.
 * @param onStep is told what is measured next
 */
export async function measureDevice(
  backend: TfjsDevice,
  onStep: (what: string) => void,
): Promise<Device | undefined> {
  if ((await openTfjs(backend)) !== backend) return undefined
  const { measureMachine } = await import('./measure-machine.ts')
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
export function measuredDevice(backend: TfjsDevice, measured: MachineFigures, host: Host): Device {
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
