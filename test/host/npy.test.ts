import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNpy, writeNpy } from '../../src/host/npy.ts'
import { diagnosed, orDiagnosed } from '../weights/diagnosed.ts'

const bytesOf = (name: string) => readFileSync(`test/host/fixtures/${name}.npy`)
const read = (bytes: Uint8Array) => readNpy(bytes, 'x.npy')
const VALUES = Float32Array.of(0, 1, -2.5, 0.1, 65504, 2 ** -24)

describe('reads what numpy writes', () => {
  test.each(['float32', 'float32-version2', 'float32-version3', 'float64'])('%s', (name) => {
    expect(read(bytesOf(name))).toEqual({ shape: [2, 3], data: VALUES })
  })

  test('float16', () => {
    const { shape, data } = read(bytesOf('float16'))
    expect(shape).toEqual([2, 3])
    expect(data).toEqual(Float32Array.of(0, 1, -2.5, 0.0999755859375, 65504, 2 ** -24))
  })

  test.each([
    ['scalar', [], [7]],
    ['vector', [3], [1, 2, 3]],
    ['empty', [0, 3], []],
  ])('%s', (name, shape, data) => {
    expect(read(bytesOf(name))).toEqual({ shape, data: Float32Array.from(data) })
  })
})

test('writes as numpy does, to the byte', () => {
  for (const name of ['float32', 'scalar', 'vector', 'empty']) {
    const { shape, data } = read(bytesOf(name))
    expect(Buffer.from(writeNpy(shape, data)).equals(bytesOf(name)), name).toBe(true)
  }
  expect(() => writeNpy([2], new Float32Array(3))).toThrow(RangeError)
})

describe('refuses', () => {
  test.each([
    ['big-endian', 'E0711', '`>f4`'],
    ['int64', 'E0711', '`<i8`'],
    ['record', 'E0711', 'a'],
    ['fortran', 'E0712', 'Fortran'],
    ['nan', 'E0714', 'element 3 of the array, at [1, 0], is NaN'],
    ['overflow', 'E0714', 'element 1 of the array, at [1], is too large for float32'],
  ])('%s', (name, code, message) => {
    const diagnostic = diagnosed(() => read(bytesOf(name)))
    expect(diagnostic).toMatchObject({ code, place: { path: 'x.npy' } })
    expect(diagnostic.message).toContain(message)
  })

  const sound = bytesOf('float32')
  const patched = (at: number, byte: number) =>
    Uint8Array.from(sound, (old, index) => (index === at ? byte : old))
  const withHeader = (text: string, values = 0) => {
    const bytes = new Uint8Array(10 + text.length + values)
    bytes.set(sound.subarray(0, 8))
    new DataView(bytes.buffer).setUint16(8, text.length, true)
    bytes.set(new TextEncoder().encode(text), 10)
    return bytes
  }
  const header = (shape: string) => withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}}`)

  test.each([
    ['an empty file', new Uint8Array(0), 'E0701'],
    ['another kind of file', patched(0, 0x92), 'E0710'],
    ['an unknown version', patched(6, 4), 'E0710'],
    ['a header beyond the file', patched(9, 200), 'E0710'],
    ['missing values', sound.subarray(0, sound.length - 1), 'E0713'],
    ['values too many', Buffer.concat([sound, Buffer.of(0)]), 'E0713'],
    ['code for a header', withHeader("__import__('os').abort()"), 'E0710'],
    ['a header without shape', withHeader("{'descr': '<f4', 'fortran_order': False}"), 'E0710'],
    [
      'a field twice',
      withHeader("{'descr': '<f4', 'descr': '<f4', 'shape': (), 'fortran_order': False}"),
      'E0710',
    ],
    ['a negative size', header('(-1,)'), 'E0710'],
    ['an unsafe size', header('(9007199254740993,)'), 'E0710'],
    ['a shape beyond memory', header('(9007199254740991, 9007199254740991)'), 'E0713'],
    ['brackets without end', header('('.repeat(60_000)), 'E0710'],
    ['a shape of many axes', header(`(${'1,'.repeat(1000)})`), 'E0710'],
  ])('%s', (_, bytes, code) => {
    expect(diagnosed(() => read(bytes)).code).toBe(code)
  })

  test('a header that is too long', () => {
    const bytes = new Uint8Array(70_000)
    bytes.set(bytesOf('float32-version2').subarray(0, 8))
    new DataView(bytes.buffer).setUint32(8, 69_000, true)
    expect(diagnosed(() => read(bytes)).message).toContain('64 KiB')
  })

  test('mangled bytes, or reads them', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255))
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.nat(sound.length),
        (changes, length) => {
          const bytes = Uint8Array.from(sound)
          for (const [at, value] of changes) bytes[at] = value
          orDiagnosed(() => read(bytes))
          orDiagnosed(() => read(bytes.subarray(0, length)))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
