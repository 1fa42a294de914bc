import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEVICE_TEXT_LIMIT, readDevice, trustedDevice } from '../../../src/analysis/devices/read-device.ts'
import { DiagnosticError, type Diagnostic } from '../../../src/diagnostics/diagnostic.ts'

const valid = readFileSync(new URL('../../../specs/devices/rtx3090.json', import.meta.url), 'utf8')

/** `valid` with the value at a dotted path replaced; `undefined` takes it out. */
function changed(changes: Readonly<Record<string, unknown>>): string {
  const document: Record<string, unknown> = JSON.parse(valid) as Record<string, unknown>
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.')
    let at = document
    for (const step of steps.slice(0, -1)) at = at[step] as Record<string, unknown>
    at[steps.at(-1)!] = value
  }
  return JSON.stringify(document)
}

async function diagnosticsOf(text: string): Promise<readonly Diagnostic[]> {
  try {
    await readDevice(text, 'mine.json')
    return []
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics
    throw error
  }
}

const messagesOf = async (text: string): Promise<readonly string[]> =>
  (await diagnosticsOf(text)).map(({ code, message }) => `${code} ${message}`)

it('reads a device as it is written', async () => {
  expect(await readDevice(valid, 'rtx3090.json')).toEqual(JSON.parse(valid))
  expect(trustedDevice(valid)).toEqual(JSON.parse(valid))
})

describe('E1001', () => {
  it.each(['', '{', '{"archc_device": 1,}', 'rtx3090'])('%j is not JSON', async (text) => {
    const [first, ...others] = await diagnosticsOf(text)
    expect([first?.code, first?.place?.path, others]).toEqual(['E1001', 'mine.json', []])
  })

  it('a file may not be huge', async () => {
    const long = changed({ title: 'x'.repeat(DEVICE_TEXT_LIMIT) })
    expect((await messagesOf(long))[0]).toMatch(/^E1001 .* characters, and 262144 are the most/)
  })
})

describe('E1002', () => {
  it.each([
    [{ 'bandwidth.value': 0 }, '`bandwidth.value` must be >= 1000000'],
    [{ 'bandwidth.value': -936e9 }, '`bandwidth.value` must be >= 1000000'],
    // Units that datasheets print, where bytes and operations are wanted.
    [{ 'bandwidth.value': 936 }, '`bandwidth.value` must be >= 1000000'],
    [{ 'rates.fp16.matrix.value': 142 }, '`rates.fp16.matrix.value` must be >= 1000000'],
    [{ 'cache.value': 6 }, '`cache.value` must be >= 1024'],
    [{ 'memory.value': 24, 'reserved.value': 0 }, '`memory.value` must be >= 1024'],
    // What times are divided by.
    [
      { 'calibrations.0.parameters.dense_efficiency': 0 },
      '`calibrations.0.parameters.dense_efficiency` must be >= 0.000001',
    ],
    [
      { 'calibrations.0.parameters.dense_efficiency': 1e308 },
      '`calibrations.0.parameters.dense_efficiency` must be <= 1000000',
    ],
    [{ 'bandwidth.value': 936e18 }, '`bandwidth.value` must be <= 10000000000000000'],
    [{ 'memory.value': '24 GB' }, '`memory.value` must be number'],
    [{ 'launch.value': 7 }, '`launch.value` must be <= 1'],
    [{ 'reserved.value': -1 }, '`reserved.value` must be >= 0'],
    [{ 'reserved.value': 2 ** 40 }, '`reserved.value` must be less than memory.value'],
    [{ 'rates.fp16.matrix.value': null }, '`rates.fp16.matrix.value` must be number'],
    [{ 'rates.fp16': {} }, '`rates.fp16` must NOT have fewer than 1 properties'],
    [{ rates: {} }, '`rates` must NOT have fewer than 1 properties'],
    [{ 'rates.fp8': {} }, '`rates.fp8` is no field of a device file'],
    [{ memory: undefined }, '`memory` is missing'],
    [{ 'cache.source': undefined }, '`cache.source` is missing'],
    [{ kind: 'tpu' }, '`kind` must be equal to one of the allowed values: ["gpu","cpu"]'],
    [{ archc_device: 2 }, '`archc_device` must be equal to constant: 1'],
    [{ name: 'RTX 3090' }, '`name` must match pattern "^[a-z][a-z0-9_]{0,39}$"'],
    [
      { 'sources.whitepaper.url': 'javascript:x' },
      '`sources.whitepaper.url` must match pattern "^https?://[!-~]+$"',
    ],
  ])('%j', async (changes, message) => {
    expect(await messagesOf(changed(changes))).toEqual([`E1002 ${message}`])
  })

  it.each(['[]', '1', 'null', '"rtx3090"'])('%s is no device', async (text) => {
    expect(await messagesOf(text)).toEqual(['E1002 the device file must be object'])
  })

  it('an infinite number is none', async () => {
    const text = valid.replace('936e9', '1e999')
    expect(await messagesOf(text)).toContain('E1002 `bandwidth.value` must be number')
  })

  it('everything is reported at once, and no more than 20', async () => {
    const several = changed({ 'bandwidth.value': 0, 'launch.value': -1, title: '' })
    expect((await messagesOf(several)).length).toBe(3)
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`more${index}`, 0]))
    expect((await messagesOf(changed(many))).length).toBe(20)
  })

  it('what an object inherits is no field, and `__proto__` no source', async () => {
    expect(await messagesOf('{}')).toContain('E1002 `memory` is missing')
    const text = valid.replace('"whitepaper": {', '"__proto__": {')
    expect((await messagesOf(text)).join('\n')).toMatch(/`sources.__proto__` as a name, must match pattern/)
  })
})

describe('E1003', () => {
  it('names the figure and what there is', async () => {
    const [first, ...others] = await diagnosticsOf(changed({ 'cache.source': 'hearsay' }))
    expect(others).toEqual([])
    expect(first?.code).toBe('E1003')
    expect(first?.message).toContain('`cache` cites `hearsay`')
    expect(first?.help).toContain('`whitepaper`')
  })

  it('is told of rates too, and beside other contradictions', async () => {
    const text = changed({ 'rates.fp16.matrix.source': 'constructor', 'reserved.value': 2 ** 40 })
    expect((await diagnosticsOf(text)).map(({ code }) => code)).toEqual(['E1003', 'E1002'])
  })
})

it('whatever a file holds, it is a device or a diagnostic', async () => {
  const paths = [
    'name',
    'memory',
    'memory.value',
    'rates',
    'rates.fp16',
    'rates.fp16.matrix',
    'sources',
    'calibrations',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), async (path, value) => {
      const text = changed({ [path]: value })
      const codes = (await diagnosticsOf(text)).map(({ code }) => code)
      expect(codes.every((code) => ['E1002', 'E1003'].includes(code))).toBe(true)
    }),
    { numRuns: 200 },
  )
})
