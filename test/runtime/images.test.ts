import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import { decodePicture } from '../../src/runtime/images/decode.ts'
import { fitPicture } from '../../src/runtime/images/fit.ts'
import { loadImage, type Preprocessing } from '../../src/runtime/images/load-image.ts'
import { diagnosedLater } from '../weights/diagnosed.ts'

const FIXTURES = 'test/runtime/fixtures'
/** Values are the pixels' own, 0 to 255. */
const AS_IS: Preprocessing = {
  mean: [0, 0, 0],
  std: [1 / 255, 1 / 255, 1 / 255],
  resize: 8,
  interpolation: 'bilinear',
}
const folder = mkdtempSync(join(tmpdir(), 'archc-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Case {
  readonly interpolation: 'bilinear' | 'bicubic'
  readonly resize: number
  readonly crop: readonly [height: number, width: number]
  /** Base64 of H x W x 3 bytes. */
  readonly rgb: string
}
const { cases } = JSON.parse(readFileSync(`${FIXTURES}/resize-pillow.json`, 'utf8')) as {
  cases: readonly Case[]
}

/** [3, H, W] of floats to H x W x 3 bytes. */
function interleave(values: Float32Array): Uint8Array {
  const plane = values.length / 3
  return Uint8Array.from(values, (_, index) =>
    Math.round(values[(index % 3) * plane + Math.floor(index / 3)]!),
  )
}

describe('resizes and crops as Pillow does, to the bit', () => {
  test.each(cases)(
    '$interpolation to $resize, cropped to $crop',
    async ({ interpolation, resize, crop, rgb }) => {
      const values = await loadImage(`${FIXTURES}/pattern.png`, { ...AS_IS, resize, interpolation }, [
        3,
        ...crop,
      ])
      expect(Buffer.from(interleave(values)).equals(Buffer.from(rgb, 'base64'))).toBe(true)
    },
  )
})

test('normalises each channel by its own mean and std', async () => {
  const png = await sharp({
    create: { width: 4, height: 4, channels: 3, background: { r: 255, g: 0, b: 51 } },
  })
    .png()
    .toBuffer()
  const values = await loadImage(png, { ...AS_IS, mean: [0.5, 0.25, 0.2], std: [0.5, 0.5, 1] }, [3, 2, 2])
  expect([...values].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
    1, 1, 1, 1, -0.5, -0.5, -0.5, -0.5, 0, 0, 0, 0,
  ])
})

describe('decodes', () => {
  const raw = (channels: 1 | 2 | 3 | 4, ...pixels: number[]) =>
    sharp(Uint8Array.from(pixels), { raw: { width: pixels.length / channels, height: 1, channels } })

  test('RGB, with alpha dropped and not blended', async () => {
    const png = await raw(4, 10, 20, 30, 0, 40, 50, 60, 128).png().toBuffer()
    expect(await decodePicture(png, 'x')).toMatchObject({
      width: 2,
      height: 1,
      pixels: Buffer.of(10, 20, 30, 40, 50, 60),
    })
  })

  test.each([1, 2] as const)('grey of %d channels', async (channels) => {
    const png = await raw(channels, ...(channels === 1 ? [7, 9] : [7, 255, 9, 0]))
      .toColourspace('b-w')
      .png()
      .toBuffer()
    expect([...(await decodePicture(png, 'x')).pixels]).toEqual([7, 7, 7, 9, 9, 9])
  })

  test('16 bits, of which the upper 8 count', async () => {
    const data = Uint16Array.of(0x1234, 0x80ff, 0xffff)
    const png = await sharp(data, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    expect([...(await decodePicture(png, 'x')).pixels]).toEqual([0x12, 0x80, 0xff])
  })

  test('a palette', async () => {
    const png = await raw(3, 255, 0, 0, 0, 0, 255).png({ palette: true }).toBuffer()
    expect([...(await decodePicture(png, 'x')).pixels]).toEqual([255, 0, 0, 0, 0, 255])
  })

  test('a JPEG, turned as its EXIF says', async () => {
    const wide = sharp({ create: { width: 32, height: 16, channels: 3, background: 'white' } })
    const black = {
      input: { create: { width: 8, height: 16, channels: 3, background: 'black' } },
      left: 0,
      top: 0,
    } as const
    const jpeg = await wide
      .composite([black])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer()
    const { width, height, pixels } = await decodePicture(jpeg, 'x')
    expect([width, height]).toEqual([16, 32])
    // Turned clockwise, the left side becomes the top.
    expect(pixels[0]).toBeLessThan(20)
    expect(pixels.at(-1)).toBeGreaterThan(235)
  })
})

describe('fits', () => {
  const fit = (size: [number, number], resize: number, crop: [number, number]) =>
    fitPicture({ width: size[0], height: size[1] }, resize, { width: crop[0], height: crop[1] })

  test('the shorter side to the size, the longer rounded down, the crop central', () => {
    expect(fit([451, 300], 256, [224, 224])).toEqual({
      target: { width: 384, height: 256 },
      window: { left: 80, top: 16, width: 224, height: 224 },
    })
  })

  test('halves to even, as Python rounds', () => {
    expect(fit([10, 11], 10, [9, 8]).window).toMatchObject({ left: 0, top: 2 })
    expect(fit([10, 13], 10, [7, 10]).window).toMatchObject({ left: 2, top: 2 })
  })

  test('and enlarges until the crop is covered', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 5, maxLength: 5 }), (sizes) => {
        const [width = 1, height = 1, resize = 1, cropWidth = 1, cropHeight = 1] = sizes
        const { target, window } = fit([width, height], resize, [cropWidth, cropHeight])
        expect(window.left).toBeGreaterThanOrEqual(0)
        expect(window.top).toBeGreaterThanOrEqual(0)
        expect(window.left + cropWidth).toBeLessThanOrEqual(target.width)
        expect(window.top + cropHeight).toBeLessThanOrEqual(target.height)
      }),
    )
  })
})

test('a picture as thin as a thread costs what its crop costs', async () => {
  const thread = await sharp({ create: { width: 20_000, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const values = await loadImage(thread, { ...AS_IS, resize: 4096 }, [3, 8, 8])
  expect([values[0], values[64], values[128]]).toEqual([255, 0, 0])
})

describe('refuses', () => {
  const png = readFileSync(`${FIXTURES}/pattern.png`)
  const load = (source: string | Uint8Array, size = [3, 8, 8]) =>
    diagnosedLater(loadImage(source, AS_IS, size))

  test.each([
    ['an empty file', new Uint8Array(0), 'E0701'],
    ['text', new TextEncoder().encode('hello'), 'E0702'],
    ['SVG, which could reach other files', new TextEncoder().encode('<svg xmlns="x"/>'), 'E0702'],
    ['a truncated picture', png.subarray(0, png.length / 2), 'E0703'],
    ['a signature alone', png.subarray(0, 8), 'E0703'],
    ['a JPEG of garbage', Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(100, 7)]), 'E0703'],
  ])('%s', async (_, bytes, code) => {
    expect(await load(bytes)).toMatchObject({ code, place: { path: 'image' } })
  })

  test('a truncated JPEG', async () => {
    const jpeg = await sharp(png).resize(300).jpeg().toBuffer()
    expect((await load(jpeg.subarray(0, jpeg.length / 2))).code).toBe('E0703')
  })

  test('a picture that claims a billion pixels, before it is decoded', async () => {
    const bomb = Buffer.from(png)
    bomb.writeUInt32BE(40_000, 16)
    bomb.writeUInt32BE(40_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    expect((await load(bomb)).message).toContain('40000 x 40000')
  })

  test('files that are not there, not files, or too large', async () => {
    expect(await load(join(folder, 'none.png'))).toMatchObject({
      code: 'E0904',
      place: { path: join(folder, 'none.png') },
    })
    expect((await load(folder)).code).toBe('E0901')
    const pipe = join(folder, 'pipe.png')
    execFileSync('mkfifo', [pipe])
    expect((await load(pipe)).code).toBe('E0901')
    const huge = join(folder, 'huge.png')
    writeFileSync(huge, '')
    truncateSync(huge, 2 ** 30)
    expect((await load(huge)).code).toBe('E0902')
  })

  test('a network of other than three channels', async () => {
    expect((await load(png, [1, 8, 8])).code).toBe('E0705')
  })

  test('mangled bytes, or shows something', async () => {
    const change = fc.tuple(fc.integer({ min: 8, max: png.length - 1 }), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const bytes = Uint8Array.from(png)
        for (const [at, value] of changes) bytes[at] = value
        await loadImage(bytes, AS_IS, [3, 8, 8]).catch((error: unknown) => {
          if (!(error instanceof DiagnosticError)) throw error
        })
      }),
      { numRuns: 200 },
    )
  })
})

/** The checksum of PNG's chunks (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
