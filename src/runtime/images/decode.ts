import type sharpPackage from 'sharp'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Picture } from './picture.ts'

/** 200 MB as RGB; a camera's picture has 12 to 50 million pixels. */
const PIXEL_LIMIT = 2 ** 26

type Sharp = typeof sharpPackage

/**
 * Decodes a JPEG or PNG to RGB as Pillow's `convert('RGB')` does: alpha is dropped, grey repeated, 16 bits cut to
 * 8, colour profiles passed over. The picture is turned as its EXIF orientation says.
 * @param path how diagnostics name the picture
 * @throws DiagnosticError E0701 to E0704, E0707
 */
export async function decodePicture(bytes: Uint8Array, path: string): Promise<Picture> {
  if (bytes.length === 0) throw new DiagnosticError([diagnose('E0701', { path }, {})])
  // Other formats that the decoder knows, SVG above all, may refer to other files: they are not let near it.
  if (!isJpeg(bytes) && !isPng(bytes)) throw new DiagnosticError([diagnose('E0702', { path, offset: 0 }, {})])
  const sharp = await loadSharp(path)
  await refuseHuge(sharp, bytes, path)
  return decodeWith(sharp, bytes, path)
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte)

const isJpeg = (bytes: Uint8Array): boolean => startsWith(bytes, [0xff, 0xd8, 0xff])
const isPng = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Loaded only when a picture comes, since it brings a library of 20 MB. */
async function loadSharp(path: string): Promise<Sharp> {
  try {
    return (await import('sharp')).default
  } catch {
    throw new DiagnosticError([diagnose('E0707', { path }, {})])
  }
}

async function refuseHuge(sharp: Sharp, bytes: Uint8Array, path: string): Promise<void> {
  const { width, height } = await orDamaged(sharp(bytes, { limitInputPixels: false }).metadata(), path)
  if (width * height > PIXEL_LIMIT)
    throw new DiagnosticError([diagnose('E0704', { path }, { width, height, limit: PIXEL_LIMIT })])
}

async function decodeWith(sharp: Sharp, bytes: Uint8Array, path: string): Promise<Picture> {
  const decoding = sharp(bytes, { limitInputPixels: PIXEL_LIMIT, failOn: 'error', ignoreIcc: true })
    .autoOrient()
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { data, info } = await orDamaged(decoding, path)
  const { width, height, channels } = info
  return { width, height, pixels: channels === 3 ? data : repeatGrey(data, channels) }
}

/** Red, green and blue from the first of `channels` values a pixel. */
function repeatGrey(data: Uint8Array, channels: number): Uint8Array {
  const pixels = new Uint8Array((data.length / channels) * 3)
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[Math.floor(i / 3) * channels] ?? 0
  return pixels
}

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
