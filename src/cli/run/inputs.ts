import { extname } from 'node:path'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { printable } from '../../diagnostics/printable.ts'
import {
  type PictureHeader,
  inspectImage,
  decodeImage,
  type Preprocessing,
} from '../../host/images/load-image.ts'
import { readHeader, readNpy } from '../../host/npy.ts'
import { readInput } from '../../host/file-system.ts'
import type { Image } from './results.ts'

/**
 * What a network is run on: an array as it is, or a picture that takes the size of the network's input. Of either, no more
 * than what describes it is held.
 */
export type Input =
  | {
      readonly kind: 'array'
      readonly path: string
      /** [N, C, H, W]. */
      readonly shape: readonly number[]
    }
  | { readonly kind: 'image'; readonly path: string }

/** An array of 500 pictures of 3 x 640 x 640. */
const MAX_ARRAY_BYTES = 2 ** 31 - 1

/** More than any header that is read. */
const MAX_HEADER_BYTES = 2 ** 17

const IMAGES = ['.jpg', '.jpeg', '.png']

/** @throws DiagnosticError for a file of another kind, or an array whose header cannot be read */
export function openInput(path: string): Input {
  const extension = extname(path).toLowerCase()
  if (IMAGES.includes(extension)) return { kind: 'image', path }
  if (extension === '.npy') return openArray(path)
  const facts = { extension, known: [...IMAGES, '.npy'] }
  throw new DiagnosticError([diagnose('E0908', { path }, facts)])
}

function openArray(path: string): Input {
  const { shape } = readHeader(readArrayFile(path, MAX_HEADER_BYTES), path)
  return { kind: 'array', path, shape: withBatch(shape) }
}

const withBatch = (shape: readonly number[]): readonly number[] =>
  shape.length === 3 ? [1, ...shape] : shape

/** @param start how many bytes are read; all, where it is left out */
const readArrayFile = (file: string, start?: number): Uint8Array =>
  readInput({ file, wanted: 'an array', limit: MAX_ARRAY_BYTES, ...(start === undefined ? {} : { start }) })

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
 * Looks at every input before the network runs, so that a mistake in the last one does not come after the work on the
 * others. What only shows when all of a file is read comes later.
 * @param size [C, H, W] of the network's input
 * @returns how many images there are, and what the user should know of them
 * @throws DiagnosticError where an array is of another shape, or a file is not there or no picture
 */
export async function inspectInputs(
  inputs: readonly Input[],
  size: readonly number[],
): Promise<{ readonly count: number; readonly notes: readonly string[] }> {
  const notes: string[] = []
  let count = 0
  for (const input of inputs) {
    if (input.kind === 'array') count += imagesIn(input.path, input.shape, size)
    else {
      notes.push(...remarksOn(input.path, await inspectImage(input.path, size[0] ?? 0)))
      count += 1
    }
  }
  return { count, notes }
}

/** What of a picture is seen otherwise than a viewer shows it. */
function remarksOn(path: string, { orientation, kind }: PictureHeader): string[] {
  const remarks: string[] = []
  const shown = printable(path)
  if (orientation !== 1)
    remarks.push(
      `note: ${shown} is to be turned when it is shown (EXIF orientation ${orientation}); as in timm's and`,
      "      torchvision's data sets, the network sees it as it lies in the file",
    )
  if (kind === 'grey16')
    remarks.push(`note: ${shown} is grey of 16 bits; as in Pillow, whatever is above 255 is white`)
  return remarks
}

function imagesIn(path: string, shape: readonly number[], size: readonly number[]): number {
  const [count = 0, ...rest] = shape
  if (count >= 1 && rest.join() === size.join()) return count
  const facts = { shape: `[${shape.join(', ')}]`, expected: `[${size.join(', ')}]` }
  throw new DiagnosticError([diagnose('E0715', { path }, facts)])
}

/**
 * The images of all inputs, in their order. A file is read, and a picture decoded, when its turn comes.
 * @throws DiagnosticError for a damaged file
 */
export async function* imagesOf(
  inputs: readonly Input[],
  size: readonly number[],
  preprocessing: Preprocessing,
): AsyncGenerator<Image> {
  for (const { kind, path } of inputs)
    if (kind === 'image') yield { name: path, pixels: await decodeImage(path, preprocessing, size) }
    else yield* imagesOfArray(path, size)
}

function* imagesOfArray(path: string, size: readonly number[]): Generator<Image> {
  const { shape, data } = readNpy(readArrayFile(path), path)
  const count = imagesIn(path, withBatch(shape), size)
  const length = data.length / count
  for (let at = 0; at < count; at++)
    yield {
      name: count === 1 ? path : `${path}[${at}]`,
      pixels: data.subarray(at * length, (at + 1) * length),
    }
}
