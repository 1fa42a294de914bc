import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { DEVICE_TEXT_LIMIT } from '../../src/analysis/devices/read-device.ts'
import { builtInDevice, deviceNames, findDevice } from '../../src/host/built-ins.ts'

const v100 = readFileSync(new URL('../../specs/devices/v100.json', import.meta.url), 'utf8')

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'archc-test-'))
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true })
  })
  return path
}

describe('built-in devices', () => {
  it('are found by name', async () => {
    expect(deviceNames()).toContain('rtx3090')
    expect((await findDevice('v100')).title).toContain('V100')
    for (const name of deviceNames()) expect(builtInDevice(name).name).toBe(name)
  })

  it.each([
    ['rtx3091', 'did you mean `rtx3090`?'],
    ['', 'known are `a100`'],
    ['README', 'known are'],
    ['..', 'known are'],
    ['v100\0', 'known are'],
  ])('%j is none: E1004', async (name, help) => {
    const error: unknown = await findDevice(name).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ diagnostics: [{ code: 'E1004' }] })
    expect(error).toMatchObject({ diagnostics: [{ help: expect.stringContaining(help) as string }] })
  })

  it('are read without a validator', async () => {
    const compile = vi.fn()
    vi.doMock('../../src/ir/schema-validator.ts', compile)
    builtInDevice('v100')
    await findDevice('rtx3090')
    expect(compile).not.toHaveBeenCalled()
    vi.doUnmock('../../src/ir/schema-validator.ts')
  })
})

describe('device files', () => {
  it('are found by their path, and validated', async () => {
    const path = join(folder(), 'mine.json')
    writeFileSync(path, v100.replace('"v100"', '"mine"'))
    expect((await findDevice(path)).name).toBe('mine')
    writeFileSync(path, v100.replace('900e9', '-900e9'))
    await expect(findDevice(path)).rejects.toThrow('E1002: `bandwidth.value` must be >= 1000000')
  })

  it('are refused where they are missing, a folder, too large or no text', async () => {
    const path = join(folder(), 'mine.json')
    await expect(findDevice(path)).rejects.toThrow('E0904')
    writeFileSync(path, ' '.repeat(DEVICE_TEXT_LIMIT + 1))
    await expect(findDevice(path)).rejects.toThrow('E0902')
    writeFileSync(path, new Uint8Array([0x7b, 0xff]))
    await expect(findDevice(path)).rejects.toThrow('E0903')
    rmSync(path)
    mkdirSync(path)
    await expect(findDevice(path)).rejects.toThrow('E0901')
  })
})
