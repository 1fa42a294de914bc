/**
 * tfjs backends whose lowering can be traced. This file loads nothing: the command line lists engines before it knows
 * whether tfjs is needed.
 */
export const tfjsBackends = ['webgl', 'webgpu', 'node', 'wasm', 'cpu'] as const
export type TfjsBackend = (typeof tfjsBackends)[number]

/** Names of the engines, as `--engine` takes them. */
type TfjsEngine = `tfjs-${TfjsBackend}`
export const engineOf = (backend: TfjsBackend): TfjsEngine => `tfjs-${backend}`

/** What tfjs calls them: its capabilities are kept under that name. */
export const registeredNames: Readonly<Record<TfjsBackend, string>> = {
  webgl: 'webgl',
  webgpu: 'webgpu',
  node: 'tensorflow',
  wasm: 'wasm',
  cpu: 'cpu',
}
