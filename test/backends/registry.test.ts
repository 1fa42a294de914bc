import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  backendEngines,
  backendOfDevice,
  backendOfEngine,
  backends,
  runnableDevices,
} from '../../src/backends/index.ts'
import { modelledEngines } from '../../src/engines/engines.ts'

it('knows each device and each engine once', () => {
  const engines = [...Object.keys(modelledEngines), ...backendEngines]
  expect(new Set(runnableDevices).size).toBe(runnableDevices.length)
  expect(new Set(engines).size).toBe(engines.length)
  for (const device of runnableDevices) expect(backendOfDevice(device).devices).toContain(device)
  for (const engine of backendEngines) expect(backendOfEngine(engine)?.engines).toContain(engine)
  expect(backendOfEngine('eager')).toBeUndefined()
})

it('refuses a device that no backend has, and says which there are', () => {
  expect(() => backendOfDevice('tpu')).toThrow('there is no device "tpu"; there are wasm, cpu')
})

it('is where a backend is named, beside its own folder and examples of commands', () => {
  const names = backends.map(({ name }) => name)
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const imports = files
    .filter((file) => !names.some((name) => file.startsWith(join('backends', name))))
    .filter((file) => names.some((name) => readFileSync(join('src', file), 'utf8').includes(`/${name}/`)))
  expect(imports).toEqual([join('backends', 'index.ts')])
})
