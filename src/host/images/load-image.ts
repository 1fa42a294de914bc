import { type Picture, type Size, filters, fitPicture, resizeWindow } from './resample.ts'
import type sharpPackage from 'sharp'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { NetworkMetadata } from '../../ir/graph.ts'
import { readInput } from '../file-system.ts'

/**
 * Red, green and blue from cyan, magenta, yellow and black, as Pillow's `convert('RGB')` computes them (`cmyk2rgb` in
 * its Convert.c). A colour profile plays no part, since Pillow converts without one. The result lies in the same memory.
 */
export function cmykToRgb(inks: Uint8Array, { width, height }: Size): Picture {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const light = 255 - (inks[4 * i + 3] ?? 0)
    // Three values are written where four were read, so that nothing is overwritten before it is read.
    for (let c = 0; c < 3; c++) inks[3 * i + c] = light - productOver255(inks[4 * i + c] ?? 0, light)
  }
  return { width, height, channels: 3, pixels: inks.subarray(0, 3 * count) }
}

/** `a * b / 255`, rounded, in whole numbers (Pillow's `MULDIV255`). */
function productOver255(a: number, b: number): number {
  const product = a * b + 128
  return ((product >> 8) + product) >> 8
}

/** Grey as Pillow's `convert('L')` computes it (ITU-R 601-2, in 16 bits). The result lies in the same memory. */
export function toGrey({ width, height, pixels }: Picture): Picture {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const [red = 0, green = 0, blue = 0] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]]
    pixels[i] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
  }
  return { width, height, channels: 1, pixels: pixels.subarray(0, count) }
}

/**
 * Grey of 16 bits as Pillow's `convert('RGB')` gives it: what is above 255 becomes 255. Only greys without a channel of
 * alpha are so; Pillow reads all other pictures of 16 bits by their upper 8.
 * @param step how many values a pixel has, grey first
 */
export function cutGrey(values: Uint16Array, step: number, { width, height }: Size): Picture {
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) pixels.fill(Math.min(255, values[i * step] ?? 0), 3 * i, 3 * i + 3)
  return { width, height, channels: 3, pixels }
}

/** 200 MB as RGB; a camera's picture has 12 to 50 million pixels. */
const PIXEL_LIMIT = 2 ** 26

/**
 * The longest side that a JPEG can have. A PNG can claim 2^31, and a thread of a few bytes a row would cost what its length
 * costs: in the decoder, which handles row by row, and in the filter, whose reach grows with the reduction.
 */
const SIDE_LIMIT = 65_535

type Sharp = typeof sharpPackage

/** What a file says of its picture before anything is decoded. */
export interface PictureHeader extends Size {
  /** As EXIF numbers it, 1 to 8; 1 where the file says nothing. */
  readonly orientation: number
  readonly kind: 'cmyk' | 'grey16' | 'other'
}

/**
 * Reads the header of a JPEG or PNG, and refuses what would not be decoded.
 * @param path how diagnostics name the picture
 * @throws DiagnosticError E0701 to E0704, E0707, E0750
 */
export async function readPictureHeader(bytes: Uint8Array, path: string): Promise<PictureHeader> {
  if (bytes.length === 0) throw new DiagnosticError([diagnose('E0701', { path }, {})])
  // Other formats that the decoder knows, SVG above all, may refer to other files: they are not let near it.
  if (!isJpeg(bytes) && !isPng(bytes)) throw new DiagnosticError([diagnose('E0702', { path, offset: 0 }, {})])
  const sharp = await loadSharp(path)
  const found = await orDamaged(sharp(bytes, { limitInputPixels: false }).metadata(), path)
  const { width, height, orientation = 1, space } = found
  refuseHuge({ width, height }, path)
  const kind = space === 'cmyk' ? 'cmyk' : isGrey16(bytes) ? 'grey16' : 'other'
  return { width, height, orientation, kind }
}

/**
 * Decodes a JPEG or PNG to RGB as Pillow's `convert('RGB')` does: alpha is dropped, grey repeated, 16 bits cut to 8, CMYK
 * converted by formula, colour profiles passed over. EXIF's orientation is not applied: Pillow does not, nor do the data
 * sets of torchvision and timm, so that the figures of papers are those of pictures as they lie in the file.
 * @throws DiagnosticError as `readPictureHeader`
 */
export async function decodePicture(bytes: Uint8Array, path: string): Promise<Picture> {
  const { kind } = await readPictureHeader(bytes, path)
  const sharp = await loadSharp(path)
  const source = sharp(bytes, { limitInputPixels: PIXEL_LIMIT, failOn: 'error', ignoreIcc: true })
  return orDamaged(decoders[kind](source), path)
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte)

const isJpeg = (bytes: Uint8Array): boolean => startsWith(bytes, [0xff, 0xd8, 0xff])
const isPng = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A PNG of 16 bits (byte 24) of grey without alpha (byte 25: the colour type is 0). */
const isGrey16 = (bytes: Uint8Array): boolean => isPng(bytes) && bytes[24] === 16 && bytes[25] === 0

/** Loaded only when a picture comes, since it brings a library of 20 MB. */
async function loadSharp(path: string): Promise<Sharp> {
  try {
    return (await import('sharp')).default
  } catch {
    throw new DiagnosticError([diagnose('E0707', { path }, {})])
  }
}

function refuseHuge({ width, height }: Size, path: string): void {
  if (width * height > PIXEL_LIMIT)
    throw new DiagnosticError([diagnose('E0704', { path }, { width, height, limit: PIXEL_LIMIT })])
  if (Math.max(width, height) > SIDE_LIMIT)
    throw new DiagnosticError([diagnose('E0750', { path }, { width, height, limit: SIDE_LIMIT })])
}

type Pipeline = ReturnType<Sharp>

/** How each kind of picture becomes RGB. The decoder's own conversion of CMYK uses a colour profile, which is not Pillow's. */
const decoders: Readonly<Record<PictureHeader['kind'], (source: Pipeline) => Promise<Picture>>> = {
  cmyk: async (source) => {
    const { data, info } = await rawOf(source.pipelineColourspace('cmyk').toColourspace('cmyk'), 'uchar')
    return cmykToRgb(data, info)
  },
  grey16: async (source) => {
    const grey = source.pipelineColourspace('grey16').toColourspace('grey16')
    const { data, info } = await rawOf(grey, 'ushort')
    const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    return cutGrey(values, info.channels, info)
  },
  other: async (source) => {
    const { data, info } = await rawOf(source.toColourspace('srgb').removeAlpha(), 'uchar')
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`)
    return { width: info.width, height: info.height, channels: 3, pixels: data }
  },
}

const rawOf = (pipeline: Pipeline, depth: 'uchar' | 'ushort') =>
  pipeline.raw({ depth }).toBuffer({ resolveWithObject: true })

async function orDamaged<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : []
    throw new DiagnosticError([
      diagnose('E0703', { path }, { reason: reason === '' ? 'it is damaged' : reason }),
    ])
  }
}

/** Where a picture goes: the network's input, and the place of the picture's corner in it. */
export interface CropPlace {
  readonly size: Size
  readonly left: number
  readonly top: number
}

/** Colour planes [C, H, W] of (value / 255 - mean) / std; what the picture does not reach is black. */
export function normalize(
  picture: Picture,
  { size, left, top }: CropPlace,
  mean: readonly number[],
  std: readonly number[],
): Float32Array {
  const plane = size.width * size.height
  const values = new Float32Array(picture.channels * plane)
  for (let c = 0; c < picture.channels; c++) {
    const table = normalized(mean[c] ?? 0, std[c] ?? 1)
    values.fill(table[0] ?? 0, c * plane, (c + 1) * plane)
    for (let y = 0; y < picture.height; y++) {
      const row = c * plane + (top + y) * size.width + left
      for (let x = 0; x < picture.width; x++)
        values[row + x] = table[picture.pixels[picture.channels * (y * picture.width + x) + c] ?? 0] ?? 0
    }
  }
  return values
}

/** What each of the 256 values of a pixel becomes. */
const normalized = (mean: number, std: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / std)

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
export async function decodeImage(
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
