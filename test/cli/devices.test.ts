import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { archc, workFolder } from './support/archc.ts'

const v100 = readFileSync('specs/devices/v100.json', 'utf8')

interface Shown {
  readonly name: string
  readonly peaks: Readonly<
    Record<string, { readonly unit: string; readonly rate: number; readonly ridge: number }>
  >
}

describe('the list', () => {
  test('has a line a device, with peaks and the ridge', async () => {
    const { status, stdout } = await archc(['devices'])
    expect(status).toBe(0)
    const line = stdout.split('\n').find((each) => each.startsWith('rtx3090 '))
    expect(line?.split(/ {2,}/)).toEqual([
      'rtx3090',
      'NVIDIA GeForce RTX 3090',
      '23.7 GiB',
      '936 GB/s',
      '35.6',
      'vector',
      '71.0',
      'matrix',
      '75.9',
    ])
    expect(stdout).toMatch(/^xeon_8380 .* 5\.9 {2}vector {7}- {12}28\.8$/m)
  })

  test('is the same in JSON', async () => {
    const { devices } = JSON.parse((await archc(['devices', '--json'])).stdout) as {
      readonly devices: readonly Shown[]
    }
    expect(devices.map(({ name }) => name)).toEqual([...devices.map(({ name }) => name)].sort())
    const rtx3090 = devices.find(({ name }) => name === 'rtx3090')
    expect(rtx3090?.peaks['fp16']).toEqual({ unit: 'matrix', rate: 71e12, ridge: 71e12 / 936e9 })
    expect(devices.find(({ name }) => name === 'v100')?.peaks['bf16']).toBeUndefined()
  })
})

describe('one device', () => {
  test('has every figure, note and source', async () => {
    const { status, stdout } = await archc(['devices', 'v100'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^fp16\.matrix +125 TFLOP\/s +138\.9 +tensor_cores$/m)
    expect(stdout).toMatch(/^launch +7 us +eager$/m)
    expect(stdout).toContain('int8.vector: Computed: four times fp32')
    const { sources } = JSON.parse(v100) as { sources: Record<string, { url: string }> }
    for (const { url } of Object.values(sources)) expect(stdout).toContain(url)
  })

  test('is what its file says, in JSON', async () => {
    const { $schema: _schema, ...device } = JSON.parse(v100) as Record<string, unknown>
    expect(_schema).toBe('../schemas/device.schema.json')
    const shown = JSON.parse((await archc(['devices', 'v100', '--json'])).stdout) as Record<string, unknown>
    expect(shown).toMatchObject(device)
    expect(Object.keys(shown).sort()).toEqual([...Object.keys(device), 'peaks'].sort())
  })

  test('may be a file', async () => {
    const calibration = {
      ...{
        engine: 'eager',
        layout: 'nhwc',
        precision: 'amp',
        parameters: { dense: 0.6 },
        rows: 40,
        networks: 20,
      },
      ...{ error: { median: 0.052, p90: 0.2, spearman: 0.99, kendall: 0.95 }, source: 'mine.csv' },
    }
    const document = JSON.parse(v100) as Record<string, unknown>
    const mine = JSON.stringify({ ...document, name: 'mine', calibrations: [calibration] })
    const cwd = workFolder({ 'mine.json': mine })
    const { stdout } = await archc(['devices', 'mine.json'], { cwd })
    expect(stdout).toMatch(/^mine: /)
    expect(stdout).toContain('eager, nhwc, amp: 40 rows of 20 networks; median error 5.2%')
  })

  test('a wrong file is told in full', async () => {
    const bad = v100.replace('900e9', '0').replace('"source": "eager"', '"source": 5')
    const { status, stdout, stderr } = await archc(['devices', './bad.json'], {
      cwd: workFolder({ 'bad.json': bad }),
    })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error[E1002]: `bandwidth.value` must be >= 1000000')
    expect(stderr).toContain('error[E1002]: `launch.source` must be string')
  })

  test('an unknown name gets a suggestion', async () => {
    const { status, stderr } = await archc(['devices', 'rtx309'])
    expect(status).toBe(1)
    expect(stderr).toContain('error[E1004]')
    expect(stderr).toContain('did you mean `rtx3090`?')
  })
})

test('help has examples', async () => {
  const { stdout } = await archc(['devices', '--help'])
  expect(stdout).toContain('Examples:\n  archc devices')
})

test.each(['bash', 'zsh', 'fish'])('%s completes names of devices', async (shell) => {
  expect((await archc(['completion', shell])).stdout).toContain('jetson_orin rtx2080ti rtx3090')
})
