/**
 * Makes a tfjs backend the active one under Node and returns the name of the one that started: where `wasm`
 * cannot (no WebAssembly, no binary), that is `cpu`, which is slow and works everywhere. A `wasm` that has failed is
 * started afresh. tfjs itself is loaded here, so that programs that run no model never load it.
 */
export async function openTfjs(name = 'wasm'): Promise<string> {
  const { env, getBackend } = await import('@tensorflow/tfjs-core')
  // Stops advertisements and warnings on the console, nothing else that a forward pass would notice.
  env().set('PROD', true)
  if (name !== 'wasm' || !(await wasmStarts())) await startCpu()
  return getBackend()
}

async function startCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu')
  const { setBackend } = await import('@tensorflow/tfjs-core')
  if (!(await setBackend('cpu'))) throw new Error('no tfjs backend starts')
}

async function wasmStarts(): Promise<boolean> {
  try {
    const { startWasm } = await import('./wasm.ts')
    return await withoutNewCrashHandlers(startWasm)
  } catch {
    return false
  }
}

const crashes = ['uncaughtException', 'unhandledRejection'] as const

/**
 * The wasm module's start-up code listens for the process's uncaught errors and throws them again, with its own
 * minified source as the place. How a program fails is the program's business.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const before = crashes.map((event) => new Set(process.rawListeners(event)))
  try {
    return await start()
  } finally {
    crashes.forEach((event, i) => {
      for (const listener of process.rawListeners(event))
        if (!before[i]?.has(listener)) process.off(event, listener as () => void)
    })
  }
}
