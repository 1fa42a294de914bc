import type { Backend } from '../backend.ts'
import { engineOf, tfjsBackends } from './trace/engines.ts'

/** tfjs's own backends that ship with archc, the preferred one first. */
const devices = ['wasm', 'cpu'] as const

/** tensorflow.js. The packages are loaded when something runs, since that takes longer than most commands. */
export const tfjs: Backend = {
  name: 'tfjs',
  devices,
  engines: /* @__PURE__ */ tfjsBackends.map(engineOf),
  open: async (device) => (await loadNode()).openTfjs(device),
  compile: async (graph, weights) => (await import('./compile.ts')).compileTfjs(graph, weights),
  schedule: async (graph, engine, options) => {
    const backend = tfjsBackends.find((each) => engineOf(each) === engine)
    if (backend === undefined) throw new RangeError(`tfjs has no engine ${engine}`)
    return (await import('./trace/trace.ts')).traceTfjs(graph, backend, options)
  },
  measure: async (device, onStep) => (await loadNode()).measureDevice(device, onStep),
}

/** Bundlers for browsers put an empty module in the place of what needs Node (`tools/build.mjs`). */
async function loadNode(): Promise<typeof import('./node/node.ts')> {
  const node = await import('./node/node.ts')
  if (!('openTfjs' in node)) throw new Error('archc opens files and devices under Node only')
  return node
}
