import { describe, expect, test } from 'vitest'
import { bindWeights } from '../../src/weights/bind-weights.ts'
import { Naming, readNameMap } from '../../src/weights/name-map.ts'
import { scanJson, readSafetensors } from '../../src/weights/safetensors/read.ts'
import { diagnosed } from '../weights/diagnosed.ts'
import { graphOf } from '../weights/graphs.ts'
import { fileWith } from '../weights/safetensors-bytes.ts'

const tensor = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
const named = (...names: readonly string[]): string =>
  `{${names.map((name) => `${name}:${tensor}`).join(',')}}`

test.each([
  ['a tensor', named('"a"', '"a"')],
  ['a tensor written with escapes', named('"a"', '"\\u0061"')],
  ['the metadata', `{"__metadata__":{},"__metadata__":{},"a":${tensor}}`],
])('%s named twice is E0603, since readers differ in which they take', (_, header) => {
  const read = () => readSafetensors(fileWith(header, 4), 'w.safetensors')
  expect(diagnosed(read)).toMatchObject({
    code: 'E0603',
    message: expect.stringContaining('twice') as string,
  })
})

test.each(['"a:b"', '"\\"a\\":"', '"{[:"', '"__proto__"'])('a tensor called %s is one tensor', (name) => {
  const file = readSafetensors(fileWith(named(name), 4), 'w.safetensors')
  expect([...file.tensors.keys()]).toEqual([JSON.parse(name)])
})

describe('a header that would take gigabytes is refused before it is parsed', () => {
  const entries = (count: number, entry: string) =>
    `{${Array.from({ length: count }, (_, index) => `"${index.toString(16)}":${entry}`).join(',')}}`
  test.each([
    ['of a million empty entries', entries(1_000_000, '{}'), '100000 tensors'],
    ['of as many as tensors may be, and one', entries(100_002, tensor), '100000 tensors'],
    ['of one entry of millions of fields', `{"a":{${'"a":1,'.repeat(2_000_000)}"b":1}}`, 'commas'],
    ['of a shape of millions of sizes', `{"a":{"shape":[${'1,'.repeat(3_100_000)}1]}}`, 'commas'],
    ['of metadata of millions of texts', `{"__metadata__":{${'"a":"",'.repeat(2_000_000)}"b":""}}`, 'commas'],
    ['of one endless name', `{"${'a'.repeat(2 ** 25)}":{}}`, '33554432 bytes'],
    ['that is padded endlessly', `{}${' '.repeat(2 ** 25)}`, '33554432 bytes'],
  ])('%s', (_, header, text) => {
    const { code, message, place } = diagnosed(() => readSafetensors(fileWith(header), 'w.safetensors'))
    expect({ code, place }).toEqual({ code: 'E0651', place: { path: 'w.safetensors', offset: 8 } })
    expect(message).toContain(text)
  })

  test('and the scan ends at the first that is too many', () => {
    const bytes = new TextEncoder().encode(entries(150_000, '{}'))
    expect(scanJson(bytes)).toEqual({ keys: 100_002, excess: 'tensors' })
  })

  test('as many as there may be are read', () => {
    const header = entries(1000, tensor.replace('[1]', '[0]').replace('4]', '0]'))
    expect(readSafetensors(fileWith(header), 'w').tensors.size).toBe(1000)
    expect(scanJson(new TextEncoder().encode(entries(100_001, tensor)))).toEqual({ keys: 100_001 })
  })
})

describe('a name map times names is bounded', () => {
  const map = (rules: number, ignore: number) =>
    readNameMap(
      JSON.stringify({
        rules: Array.from({ length: rules }, (_, index) => ({ from: `{a}.{b}x${index}`, to: '{a}{a}{a}' })),
        ignore: Array.from({ length: ignore }, (_, index) => `*a*b*a*b*a*b*z${index}`),
      }),
      'map.json',
    )

  test('for names that are ignored: patterns times characters', () => {
    const naming = new Naming(map(0, 10), 10 * (8 + 92) * 5)
    for (let index = 0; index < 5; index++) naming.isIgnored(`${'ab.'.repeat(30)}${index}.`)
    // A name that was asked for before costs nothing.
    naming.isIgnored(`${'ab.'.repeat(30)}0.`)
    expect(diagnosed(() => naming.isIgnored('one more'))).toMatchObject({
      code: 'E0652',
      place: { path: 'map.json' },
    })
  })

  test('for names that rules make: what they write counts too', () => {
    const naming = new Naming(map(1, 0), 300)
    expect(naming.officialName('long.bx0', 'weight')).toBe('longlonglong.weight')
    const all = () => {
      for (let index = 0; index < 10; index++) naming.officialName(`long${index}.bx0`, 'weight')
    }
    expect(diagnosed(all).code).toBe('E0652')
  })

  test('and a file of many names with a map of many patterns is refused', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `"${'ab.'.repeat(20)}${index}"`)
    const empty = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
    const header = `{${names.map((name) => `${name}:${empty}`).join(',')}}`
    const file = readSafetensors(fileWith(header), 'w')
    const graph = graphOf([{ path: 'a', op: 'scale', shapes: { weight: [1] } }])
    expect(diagnosed(() => bindWeights(graph, file, map(0, 1000))).code).toBe('E0652')
  })
})

test('names of megabytes full of dots are explained in linear time', () => {
  const long = 'a.'.repeat(500_000)
  const graph = graphOf([{ path: `${long}x`, op: 'scale', shapes: { weight: [1] } }])
  const file = readSafetensors(
    fileWith({ [`${long}y.weight`]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4),
    'w',
  )
  expect(diagnosed(() => bindWeights(graph, file)).notes).toHaveLength(2)
})
