import { extname } from 'node:path'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { NetworkMetadata } from '../../ir/graph.ts'
import { loadImage } from '../../runtime/images/load-image.ts'
import { readNpy } from '../../runtime/npy/read.ts'
import { readInput } from '../../runtime/files/read-input.ts'

/** What a network is run on: an array as it is, or a picture that takes the size of the network's input. */
export type Input =
  | {
      readonly kind: 'array'
      readonly path: string
      /** [N, C, H, W]. */
      readonly shape: readonly number[]
      readonly data: Float32Array
    }
  | { readonly kind: 'image'; readonly path: string }

/** An array of 500 pictures of 3 x 640 x 640. */
const MAX_ARRAY_BYTES = 2 ** 31 - 1

const IMAGES = ['.jpg', '.jpeg', '.png']

/** @throws DiagnosticError for a file of another kind, a damaged array, or one that is no picture's or batch's shape */
export function openInput(path: string): Input {
  const extension = extname(path).toLowerCase()
  if (IMAGES.includes(extension)) return { kind: 'image', path }
  if (extension === '.npy') return openArray(path)
  const facts = { extension, known: [...IMAGES, '.npy'] }
  throw new DiagnosticError([diagnose('E0908', { path }, facts)])
}

function openArray(path: string): Input {
  const bytes = readInput({ file: path, wanted: 'an array', limit: MAX_ARRAY_BYTES })
  const { shape, data } = readNpy(bytes, path)
  return { kind: 'array', path, shape: shape.length === 3 ? [1, ...shape] : shape, data }
}

/**
 * The input size that the arrays ask for where the user names none: theirs, if it differs from the network's in
 * height and width alone.
 */
export function sizeOfArrays(
  inputs: readonly Input[],
  own: readonly number[],
): readonly number[] | undefined {
  const array = inputs.find((input) => input.kind === 'array')
  const size = array?.shape.slice(1)
  const fits = array?.shape.length === 4 && size?.[0] === own[0]
  return fits && size?.join() !== own.join() ? size : undefined
}

/**
 * Images of [C, H, W] each, one after another.
 * @throws DiagnosticError where an array is of another shape, or a picture cannot be read
 */
export async function pixelsOf(
  input: Input,
  size: readonly number[],
  metadata: NetworkMetadata,
): Promise<readonly Float32Array[]> {
  if (input.kind === 'image') return [await loadImage(input.path, metadata, size)]
  const [count = 0, ...rest] = input.shape
  if (count < 1 || rest.join() !== size.join()) throw misshapen(input.path, input.shape, size)
  const length = input.data.length / count
  return Array.from({ length: count }, (_, at) => input.data.subarray(at * length, (at + 1) * length))
}

function misshapen(path: string, shape: readonly number[], size: readonly number[]): DiagnosticError {
  const facts = { shape: `[${shape.join(', ')}]`, expected: `[${size.join(', ')}]` }
  return new DiagnosticError([diagnose('E0715', { path }, facts)])
}
