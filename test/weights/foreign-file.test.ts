import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foreignFile } from '../../src/weights/foreign-file.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { diagnosed } from './diagnosed.ts'
import { fileWith } from './safetensors-bytes.ts'

/** Each character as a byte. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const padded = (text: string, length = 600) => bytes(text.padEnd(length, '\0'))

/** The start of a zip as PyTorch, NumPy and others write it, and names of its directory. */
const zip = (first: string, ...others: readonly string[]) =>
  padded(
    `PK\x03\x04\0\0\x08\x08${'\0'.repeat(18)}${String.fromCharCode(first.length)}\0\0\0${first}${'\0'.repeat(100)}${others
      .map((name) => `PK\x01\x02${name}`)
      .join('')}`,
  )

const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 46827520
`

const KINDS: readonly (readonly [what: string, bytes: Uint8Array, says: string, next: string])[] = [
  ['pointer', bytes(POINTER), 'a Git LFS pointer: the weights (46827520 bytes)', '`git lfs pull`'],
  ['page', bytes('<!DOCTYPE html><html><body>Not found</body></html>'), 'an HTML page', '`resolve`'],
  ['page after blanks', bytes('\n\n  <HTML lang="en">'), 'an HTML page', '`resolve`'],
  ['error of a store', bytes('<?xml version="1.0"?><Error/>'), 'XML text', 'open it'],
  ['error as JSON', bytes('{"error": "Repository not found"}'), 'JSON text', 'open it'],
  ['index, as bytes', bytes('{"metadata": {}, "weight_map": {}}'), 'an index of shards', '`loadWeights`'],
  ['line of text', bytes('Entry not found\n'), 'text, which begins with `Entry not found`', 'open it'],
  ['.pth', zip('archive/data.pkl', 'archive/data/0'), 'a PyTorch checkpoint', 'torch.load(sys.argv[1]'],
  [
    'old .pth',
    padded('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'),
    'before 1.6',
    'torch.load',
  ],
  ['TorchScript', zip('m/data.pkl', 'm/code/a.py', 'm/constants.pkl'), 'TorchScript', 'torch.jit.load'],
  ['pickle', padded('\x80\x04\x95'), 'a Python pickle', 'save_file'],
  ['.npz', zip('conv1.npy', 'conv1.npy'), 'an archive of NumPy arrays', 'numpy.load'],
  ['.npy', padded('\x93NUMPY\x01\0'), 'a NumPy array', '`--input`'],
  ['.keras', zip('metadata.json', 'model.weights.h5'), 'an HDF5 file', 'PyTorch checkpoint'],
  ['.h5', padded('\x89HDF\r\n\x1a\n'), 'an HDF5 file', 'PyTorch checkpoint'],
  ['ONNX', padded('\x08\x08\x12\x07pytorch'), 'an ONNX model', 'PyTorch checkpoint'],
  ['GGUF', padded('GGUF\x03\0\0\0'), 'a GGUF file', 'PyTorch checkpoint'],
  ['TFLite', padded('\x1c\0\0\0TFL3'), 'a TensorFlow Lite model', 'PyTorch checkpoint'],
  ['other zip', zip('weights/model.safetensors'), 'a zip archive', 'unpack'],
  ['tar', padded(`${'model.safetensors'.padEnd(257, '\0')}ustar`), 'a tar archive', 'unpack'],
  ['gzip', padded('\x1f\x8b\x08\0'), 'a gzip archive', 'unpack'],
  ['zstd', padded('\x28\xb5\x2f\xfd'), 'a zstd archive', 'unpack'],
  ['PNG', padded('\x89PNG\r\n\x1a\n'), 'a picture', '`--input`'],
  ['JPEG', padded('\xff\xd8\xff\xe0'), 'a picture', '`--input`'],
]

describe('says what it is and what to do next', () => {
  test.each(KINDS)('%s', (_, file, says, next) => {
    const { code, message, help } = diagnosed(() => readSafetensors(file, 'dir/model.pth'))
    expect(code).toBe('E0650')
    expect(message).toContain(`this is ${says.startsWith('a') ? says : ''}`)
    expect(message).toContain(says)
    expect(help).toContain(next)
  })
})

describe('the command that converts', () => {
  const help = (path: string) =>
    diagnosed(() => readSafetensors(zip('archive/data.pkl'), path)).help?.match(/" (\S+ \S+)`$/)?.[1]
  test.each([
    ['dir/model.pth', 'dir/model.pth dir/model.safetensors'],
    ['v1.2/model', 'v1.2/model v1.2/model.safetensors'],
    ['model.safetensors', 'model.safetensors model-converted.safetensors'],
    ['my model; rm.pth', 'weights.pth weights.safetensors'],
    ['-x.pth', 'weights.pth weights.safetensors'],
    ['`a`.pth', 'weights.pth weights.safetensors'],
  ])('of %s takes %s', (path, expected) => {
    expect(help(path)).toBe(expected)
  })
})

test('a text that would act on a terminal is shown without letting it', () => {
  const { message } = diagnosed(() => readSafetensors(bytes('evil \u0085 name and more'), 'w'))
  expect(message).not.toContain('\u0085')
})

test('safetensors of any length of header is nothing else', () => {
  for (const length of [2, 0x4b50, 0x8b1f]) expect(foreignFile(fileWith('{}'.padEnd(length)))).toBeUndefined()
})

test('any bytes are read or diagnosed', () => {
  const starts = fc.constantFrom(...KINDS.map(([, file]) => file))
  fc.assert(
    fc.property(starts, fc.nat(40), fc.uint8Array({ maxLength: 80 }), (start, keep, rest) => {
      const file = Uint8Array.from([...start.subarray(0, keep), ...rest])
      expect(diagnosed(() => readSafetensors(file, 'w')).code).toMatch(/^E06/)
    }),
  )
})
