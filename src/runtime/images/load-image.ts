import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { NetworkMetadata } from '../../ir/graph.ts'
import { readInput } from '../files/read-input.ts'
import { decodePicture } from './decode.ts'
import { filters } from './filter.ts'
import { fitPicture } from './fit.ts'
import { normalize } from './normalize.ts'
import type { Picture } from './picture.ts'
import { resizeWindow } from './resample.ts'

const BYTE_LIMIT = 2 ** 27

/** What the metadata of a network says of pictures. */
export type Preprocessing = Pick<NetworkMetadata, 'mean' | 'std' | 'resize' | 'interpolation'>

/**
 * A JPEG or PNG as a network sees it: shorter side resized, centre cropped, normalised.
 * @param source path of a file, or its bytes
 * @param size [C, H, W] of the network's input; C must be 3
 * @returns float32 [C, H, W]
 * @throws DiagnosticError E0701 to E0705, E0707, and E0901, E0902, E0904 where the file cannot be read
 */
export async function loadImage(
  source: string | Uint8Array,
  preprocessing: Preprocessing,
  size: readonly number[],
): Promise<Float32Array> {
  const path = typeof source === 'string' ? source : 'image'
  const [channels = 0, height = 0, width = 0] = size
  if (channels !== 3) throw new DiagnosticError([diagnose('E0705', { path }, { channels })])
  const picture = await decodePicture(typeof source === 'string' ? readPicture(source) : source, path)
  const seen = seenPart(picture, preprocessing, width, height)
  return normalize(seen, preprocessing.mean, preprocessing.std)
}

const readPicture = (file: string): Uint8Array => readInput({ file, wanted: 'an image', limit: BYTE_LIMIT })

function seenPart(
  picture: Picture,
  { resize, interpolation }: Preprocessing,
  width: number,
  height: number,
): Picture {
  const { target, window } = fitPicture(picture, resize, { width, height })
  return resizeWindow(picture, target, window, filters[interpolation])
}
