import type sharpPackage from 'sharp'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { cmykToRgb, cutGrey } from './colours.ts'
import type { Picture, Size } from './picture.ts'

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
