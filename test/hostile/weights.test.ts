import { expect, test } from 'vitest'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { diagnosed } from '../weights/diagnosed.ts'
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
