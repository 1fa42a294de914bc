import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { NetworkMetadata } from '../../ir/graph.ts'
import { readInput } from '../files/read-input.ts'
import { toGrey } from './colours.ts'
import { decodePicture, readPictureHeader, type PictureHeader } from './decode.ts'
import { filters } from './filter.ts'
import { fitPicture } from './fit.ts'
import { normalize } from './normalize.ts'
import { resizeWindow } from './resample.ts'

const BYTE_LIMIT = 2 ** 27

/** What the metadata of a network says of pictures. */
export type Preprocessing = Pick<NetworkMetadata, 'mean' | 'std' | 'resize' | 'interpolation'>

/**
 * A JPEG or PNG as a network sees it: resized, centre cropped, normalised, as timm does it. A network of one channel
 * sees it in grey.
 * @param source path of a file, or its bytes
 * @param size [C, H, W] of the network's input; C must be 1 or 3
 * @returns float32 [C, H, W]
 * @throws DiagnosticError E0701 to E0705, E0707, E0750, and E0901, E0902, E0904 where the file cannot be read
 */
export async function loadImage(
  source: string | Uint8Array,
  { mean, std, resize, interpolation }: Preprocessing,
  size: readonly number[],
): Promise<Float32Array> {
  const path = typeof source === 'string' ? source : 'image'
  const [channels = 0, height = 0, width = 0] = size
  refuseChannels(channels, path)
  const colours = await decodePicture(typeof source === 'string' ? readPicture(source) : source, path)
  const picture = channels === 1 ? toGrey(colours) : colours
  const { target, window, margin } = fitPicture(picture, resize, { width, height })
  const seen = resizeWindow(picture, target, window, filters[interpolation])
  return normalize(seen, { size: { width, height }, ...margin }, mean, std)
}

/**
 * Looks at the header of a file that is to be loaded later.
 * @param channels what the network takes
 * @throws DiagnosticError as `loadImage`, for all that does not need the picture to be decoded
 */
export async function inspectImage(path: string, channels: number): Promise<PictureHeader> {
  refuseChannels(channels, path)
  return readPictureHeader(readPicture(path), path)
}

function refuseChannels(channels: number, path: string): void {
  if (channels !== 3 && channels !== 1) throw new DiagnosticError([diagnose('E0705', { path }, { channels })])
}

const readPicture = (file: string): Uint8Array => readInput({ file, wanted: 'an image', limit: BYTE_LIMIT })
