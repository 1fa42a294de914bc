import { access, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Guard, guardBackend } from '../wasm/guard.ts'

/** What emscripten's module has of what is used here. */
interface Module {
  readonly HEAP32: Int32Array
  readonly HEAPU8: Uint8Array
  readonly asm: { readonly malloc: (bytes: number) => number }
  readonly cwrap: (name: string, result: string | null, parameters: readonly string[]) => unknown
  readonly ___errno_location: () => number
  _malloc: (bytes: number) => number
  tfjs: Record<string, unknown>
}

interface Imports {
  readonly env: { emscripten_resize_heap: (bytes: number) => boolean }
}

/** Neither the types of Node nor those of the language have it. */
interface WithWebAssembly {
  readonly WebAssembly: {
    readonly instantiate: (binary: Uint8Array, imports: object) => Promise<{ readonly instance: object }>
  }
}

type Factory = (config: Readonly<Record<string, unknown>>) => Promise<Module>

/** The guard of the start that is registered now. */
let current: Guard | undefined

/**
 * Makes tfjs's wasm backend the active one, in a module of its own: tfjs's own start neither tells where the module prints
 * to nor lets it be started a second time. One that failed is thrown away and started afresh; one that the program itself
 * has started stays. Throws where WebAssembly cannot be had.
 */
export async function startWasm(): Promise<boolean> {
  const folder = await wasmFolder()
  const [core, wasm, { default: factory }] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-backend-wasm'),
    import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'),
  ])
  const foreign = current === undefined && hasStarted(core.findBackend('wasm'))
  if (!foreign && (current === undefined || current.broken)) {
    core.removeBackend('wasm')
    const simd = await core.env().getAsync('WASM_HAS_SIMD_SUPPORT')
    const file = join(folder, simd === true ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm')
    core.registerBackend('wasm', () => startBackend(factory as unknown as Factory, file, wasm.BackendWasm))
  }
  return core.setBackend('wasm')
}

/** tfjs's type does not say that there may be none. */
const hasStarted = (backend: object | null | undefined): boolean => Boolean(backend)

/** Where the package keeps its binaries; throws where wasm cannot start, before tfjs would complain at length. */
async function wasmFolder(): Promise<string> {
  if (!('WebAssembly' in globalThis)) throw new Error('this Node has no WebAssembly')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  const folder = dirname(entry)
  await Promise.all(
    ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((file) => access(join(folder, file))),
  )
  return folder
}

async function startBackend(
  factory: Factory,
  file: string,
  Backend: typeof BackendWasm,
): Promise<BackendWasm> {
  const started: { module?: Module } = {}
  const guard = new Guard(() => started.module && errorNumberOf(started.module))
  const module = await startModule(factory, file, guard)
  started.module = module
  module._malloc = checkedAllocation(module, guard)
  const backend = new (forgetting(Backend, guard))(module as unknown as BackendWasm['wasm'])
  errorNumberOf(module).clearError()
  guardBackend(backend, guard)
  current = guard
  return backend
}

async function startModule(factory: Factory, file: string, guard: Guard): Promise<Module> {
  const binary = await readFile(file)
  const module = await new Promise<Module>((resolve, reject) => {
    const print = (line: string): void => guard.print(line)
    const instantiateWasm = (imports: Imports, receive: (instance: object) => void): object => {
      const grow = imports.env.emscripten_resize_heap
      imports.env.emscripten_resize_heap = (bytes) => bytes >>> 0 <= guard.ceiling && grow(bytes)
      const { WebAssembly: webAssembly } = globalThis as unknown as WithWebAssembly
      webAssembly.instantiate(binary, imports).then(({ instance }) => receive(instance), reject)
      return {}
    }
    factory({ locateFile: () => file, instantiateWasm, print, printErr: print }).then(resolve, reject)
  })
  module.tfjs = bridgeOf(module)
  return module
}

/** As `init` in backend_wasm.js of tfjs-backend-wasm 4.22 has it. */
const bridgeOf = ({ cwrap }: Module): Record<string, unknown> => ({
  init: cwrap('init', null, []),
  initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
  getThreadsCount: cwrap('get_threads_count', 'number', []),
  registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
  disposeData: cwrap('dispose_data', null, ['number']),
  dispose: cwrap('dispose', null, []),
})

/** Memory moves as it grows, so that the array is asked for each time. */
function errorNumberOf(module: Module) {
  const place = module.___errno_location() >>> 2
  return {
    readError: () => module.HEAP32[place] ?? 0,
    clearError: () => {
      module.HEAP32[place] = 0
    },
  }
}

/** tfjs takes whatever address it gets for a tensor, 0 included, and copies to it. */
function checkedAllocation(module: Module, guard: Guard): Module['_malloc'] {
  return (bytes) => {
    const address = module.asm.malloc(bytes) >>> 0
    if (address !== 0 && address + bytes <= module.HEAPU8.length) return address
    guard.print(`no room for a tensor of ${bytes} bytes`)
    throw new RangeError(`no room for a tensor of ${bytes} bytes`)
  }
}

/** A backend that leaves its module alone once that has failed: to free something there could trap again. */
function forgetting(Backend: typeof BackendWasm, guard: Guard): typeof BackendWasm {
  return class extends Backend {
    override disposeData(dataId: object, force?: boolean): boolean {
      if (!guard.broken) return super.disposeData(dataId, force)
      const data = this.dataIdMap.get(dataId)
      data.refCount--
      if (force !== true && data.refCount > 0) return false
      this.dataIdMap.delete(dataId)
      return true
    }

    override dispose(): void {
      if (!guard.broken) super.dispose()
      this.wasm = null as unknown as BackendWasm['wasm']
    }
  }
}
