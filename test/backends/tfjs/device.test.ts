import { afterEach, expect, it, vi } from 'vitest'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'

afterEach(() => void vi.unstubAllGlobals())

const handlers = () =>
  process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')

it('falls back to cpu, silently, where there is no WebAssembly', async () => {
  const noise = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')]
  vi.stubGlobal('WebAssembly', undefined)
  Reflect.deleteProperty(globalThis, 'WebAssembly')
  expect(await openTfjs('wasm')).toBe('cpu')
  for (const spy of noise) expect(spy).not.toHaveBeenCalled()
})

it('starts wasm and leaves the handling of uncaught errors to the program', async () => {
  const before = handlers()
  expect(await openTfjs()).toBe('wasm')
  expect(handlers()).toBe(before)
})

it('switches between devices', async () => {
  expect(await openTfjs('cpu')).toBe('cpu')
  expect(await openTfjs('wasm')).toBe('wasm')
})
