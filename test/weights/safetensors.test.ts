import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTensor, type SafetensorsFile, readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed, orDiagnosed } from './diagnosed.ts'
import { bytesOf, fileWith } from './safetensors-bytes.ts'

const read = (bytes: Uint8Array): SafetensorsFile => readSafetensors(bytes, 'w.safetensors')
const values = (file: SafetensorsFile, name: string): number[] => [
  ...decodeTensor(file, file.tensors.get(name)!),
]
const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
})

describe('reads', () => {
  test('real weights', () => {
    const file = read(readFileSync('examples/efficientnet_lite0/efficientnet_lite0.safetensors'))
    expect(file.tensors.size).toBe(247)
    expect(file.metadata.get('license')).toBe('Apache-2.0')
    expect(file.tensors.get('conv_stem.weight')?.shape).toEqual([32, 3, 3, 3])
    const all = [...file.tensors.values()].map((entry) => decodeTensor(file, entry).length)
    expect(all.reduce((a, b) => a + b)).toBe(4652008 + 42016)
  })

  test('F16, widened: normal, subnormal, largest, negative zero', () => {
    const data = bytesOf('u16', [0x3c00, 0x0001, 0x7bff, 0xc580, 0x8000, 0x0400])
    const file = read(fileWith({ a: { dtype: 'F16', shape: [6], data_offsets: [0, 12] } }, data))
    expect(values(file, 'a')).toEqual([1, 2 ** -24, 65504, -5.5, -0, 2 ** -14])
  })

  test('BF16, widened', () => {
    const data = bytesOf('u16', [0x3f80, 0xc040, 0x0001])
    const file = read(fileWith({ a: { dtype: 'BF16', shape: [3], data_offsets: [0, 6] } }, data))
    expect(values(file, 'a')).toEqual([1, -3, 2 ** -133])
  })

  test('F64, rounded', () => {
    const file = read(
      fileWith({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, bytesOf('f64', [0.1])),
    )
    expect(values(file, 'a')).toEqual([Math.fround(0.1)])
  })

  test('tensors in any order, empty ones, scalars, padding after the header, unaligned data', () => {
    const header = JSON.stringify({ b: f32([], 4, 8), a: f32([1], 0, 4), none: f32([0, 3], 4, 4) })
    const file = read(fileWith(`${header}   `, bytesOf('f32', [1, 2])))
    expect([values(file, 'a'), values(file, 'b'), values(file, 'none')]).toEqual([[1], [2], []])
  })

  test('names that JavaScript treats specially', () => {
    const file = read(fileWith('{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4))
    expect([...file.tensors.keys()]).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined()
  })
})

/** `entry NAME` is where the header names it, `data N` byte N behind the header. */
function offsetOf(where: number | string, bytes: Uint8Array): number {
  if (typeof where === 'number') return where
  const [kind, what = ''] = where.split(' ')
  if (kind === 'entry') return Buffer.from(bytes).indexOf(`"${what}"`)
  return 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)) + Number(what)
}

describe('refuses', () => {
  const entry = (fields: object) =>
    fileWith({ ok: f32([1], 0, 4), 'a.b': { ...f32([1], 4, 8), ...fields } }, 8)
  const huge = new Uint8Array(16)
  new DataView(huge.buffer).setBigUint64(0, 2n ** 60n, true)

  test.each([
    ['an empty file', new Uint8Array(0), 'E0601', 0, 'is empty'],
    ['a file of 7 bytes', new Uint8Array(7), 'E0601', 0, '7 bytes'],
    ['a header of 2^60 bytes', huge, 'E0602', 0, '1152921504606846976'],
    ['a truncated header', fileWith({ a: f32([1], 0, 4) }, 4).subarray(0, 20), 'E0602', 0, 'only 12 follow'],
    [
      'a header that is not UTF-8',
      fileWith('{"é":1}').map((byte) => (byte === 0xa9 ? 0xff : byte)),
      'E0603',
      8,
      'UTF-8',
    ],
    ['a header that is not JSON', fileWith('{"a":'), 'E0603', 8, 'JSON'],
    ['a header that nests deeply', fileWith('['.repeat(50_000_000)), 'E0603', 8, 'nest'],
    ['a header that is a list', fileWith('[]'), 'E0603', 8, 'object'],
    ['metadata of numbers', fileWith({ __metadata__: { a: 1 } }), 'E0603', 8, '__metadata__'],
    ['an entry that is no object', fileWith({ a: 3 }), 'E0604', 'entry a', '`a` is not an object'],
    ['a missing dtype', entry({ dtype: undefined }), 'E0604', 'entry a.b', 'dtype'],
    ['a negative size', entry({ shape: [-1] }), 'E0604', 'entry a.b', 'shape'],
    ['a broken size', entry({ shape: [0.5] }), 'E0604', 'entry a.b', 'shape'],
    ['an unsafe size', entry({ shape: [2 ** 53] }), 'E0604', 'entry a.b', 'shape'],
    ['three offsets', entry({ data_offsets: [4, 8, 8] }), 'E0604', 'entry a.b', 'data_offsets'],
    ['an unknown dtype', entry({ dtype: 'F31' }), 'E0605', 'entry a.b', 'F31'],
    ['offsets beyond the file', entry({ data_offsets: [4, 12] }), 'E0606', 'entry a.b', 'has only 8'],
    ['offsets backwards', entry({ data_offsets: [8, 4] }), 'E0606', 'entry a.b', 'before it begins'],
    ['a shape that does not fit', entry({ shape: [2] }), 'E0607', 'entry a.b', 'takes 8'],
    [
      'a product beyond integers',
      entry({ shape: [2 ** 40, 2 ** 40] }),
      'E0607',
      'entry a.b',
      '[1099511627776, 1099511627776]',
    ],
    [
      'overlap',
      fileWith({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8),
      'E0608',
      'data 4',
      '`b` overlaps `a` by 4 bytes',
    ],
    [
      'a gap',
      fileWith({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
      'E0608',
      'data 4',
      '4 bytes before `b`',
    ],
    ['bytes left over', fileWith({ a: f32([1], 0, 4) }, 7), 'E0609', 'data 4', '3 bytes'],
  ] as const)('%s', (_, bytes, code, where, text) => {
    const { message, ...diagnostic } = diagnosed(() => read(bytes))
    expect(diagnostic.code).toBe(code)
    expect(message).toContain(text)
    expect(diagnostic.place).toEqual({ path: 'w.safetensors', offset: offsetOf(where, bytes) })
  })

  test.each([
    ['NaN', 'F32', bytesOf('f32', [1, 2, NaN, 4]), 'element 2 of `a` is NaN', 8],
    ['infinity', 'F32', bytesOf('f32', [1, -Infinity]), 'element 1 of `a` is infinite', 4],
    ['NaN in F16', 'F16', bytesOf('u16', [0, 0x7e00]), 'element 1 of `a` is NaN', 2],
    ['infinity in BF16', 'BF16', bytesOf('u16', [0x7f80]), 'element 0 of `a` is infinite', 0],
    [
      'what float32 cannot hold',
      'F64',
      bytesOf('f64', [0, 1e300]),
      'element 1 of `a` is too large for float32',
      8,
    ],
  ])('%s', (_, dtype, data, message, at) => {
    const size = { F16: 2, BF16: 2, F32: 4, F64: 8 }[dtype] ?? 1
    const file = read(
      fileWith({ a: { dtype, shape: [data.length / size], data_offsets: [0, data.length] } }, data),
    )
    const diagnostic = diagnosed(() => values(file, 'a'))
    expect(diagnostic).toMatchObject({ code: 'E0611', message, place: { offset: file.dataStart + at } })
  })

  test('a name that would act on a terminal, without letting it', () => {
    expect(diagnosed(() => read(fileWith({ 'a\u001b[31m': 1 }))).message).not.toContain('\u001b')
  })
})

describe('writes', () => {
  const tensors = new Map([
    ['b.weight', { shape: [2, 1], data: Float32Array.of(1, -2) }],
    ['10', { shape: [], data: Float32Array.of(7) }],
    ['__proto__', { shape: [0], data: new Float32Array(0) }],
  ])

  test('what it reads', () => {
    const bytes = writeSafetensors(tensors, { format: 'pt', about: 'é' })
    const file = read(bytes)
    expect([...file.tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['10', []],
      ['__proto__', [0]],
      ['b.weight', [2, 1]],
    ])
    expect(values(file, 'b.weight')).toEqual([1, -2])
    expect([...file.metadata]).toEqual([
      ['about', 'é'],
      ['format', 'pt'],
    ])
    expect(file.dataStart % 8).toBe(0)
  })

  test('the same bytes whatever the order', () => {
    const reversed = new Map([...tensors].reverse())
    expect(writeSafetensors(reversed, { a: '1', b: '2' })).toEqual(
      writeSafetensors(tensors, { b: '2', a: '1' }),
    )
  })

  test('no tensor of the wrong size', () => {
    expect(() => writeSafetensors(new Map([['a', { shape: [2], data: new Float32Array(1) }]]))).toThrow(
      RangeError,
    )
  })
})

describe('on mangled bytes, diagnoses or reads', () => {
  const sound = writeSafetensors(
    new Map([
      ['a.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['b', { shape: [], data: Float32Array.of(1) }],
    ]),
    { k: 'v' },
  )
  const readAll = (bytes: Uint8Array) => {
    const file = read(bytes)
    for (const entry of file.tensors.values()) if (entry.dtype === 'F32') decodeTensor(file, entry)
  }

  test('changed bytes', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = sound.slice()
        for (const [at, value] of changes) bytes[at] = value
        orDiagnosed(() => readAll(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  test('truncated', () => {
    for (let length = 0; length < sound.length; length++) diagnosed(() => readAll(sound.subarray(0, length)))
  })

  test('any JSON for a header', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(64), (json, size) => orDiagnosed(() => readAll(fileWith(json, size)))),
    )
  })
})
