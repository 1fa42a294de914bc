import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import { decodePicture, decodeImage, type Preprocessing } from '../../src/host/images/load-image.ts'
import { filters, tapsOf, fitPicture } from '../../src/host/images/resample.ts'
import { crc32 } from '../support/crc32.ts'
import { diagnosedLater } from '../weights/diagnosed.ts'
import { interleave } from './interleave.ts'

const FIXTURES = 'test/host/fixtures'
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

describe('resizes and crops as Pillow does, to the bit', () => {
  test.each(cases)(
    '$interpolation to $resize, cropped to $crop',
    async ({ interpolation, resize, crop, rgb }) => {
      const values = await decodeImage(`${FIXTURES}/pattern.png`, { ...AS_IS, resize, interpolation }, [
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
  const values = await decodeImage(png, { ...AS_IS, mean: [0.5, 0.25, 0.2], std: [0.5, 0.5, 1] }, [3, 2, 2])
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
})

describe('fits', () => {
  const fit = (size: [number, number], resize: number, crop: [number, number]) =>
    fitPicture({ width: size[0], height: size[1] }, resize, { width: crop[0], height: crop[1] })

  test('the shorter side to the size, the longer rounded down, the crop central', () => {
    expect(fit([451, 300], 256, [224, 224])).toEqual({
      target: { width: 384, height: 256 },
      window: { left: 80, top: 16, width: 224, height: 224 },
      margin: { left: 0, top: 0 },
    })
  })

  test('halves to even, as Python rounds', () => {
    expect(fit([10, 11], 10, [9, 9]).window).toMatchObject({ left: 0, top: 1 })
    expect(fit([10, 15], 10, [10, 10]).window).toMatchObject({ left: 0, top: 2 })
    expect(fit([10, 13], 10, [7, 7]).window).toMatchObject({ left: 2, top: 3 })
  })

  test('and leaves a margin where the crop is larger', () => {
    expect(fit([10, 20], 7, [10, 10])).toEqual({
      target: { width: 7, height: 14 },
      window: { left: 0, top: 2, width: 7, height: 10 },
      margin: { left: 1, top: 0 },
    })
  })

  test('within the picture and within the crop, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 5, maxLength: 5 }), (sizes) => {
        const [width = 1, height = 1, resize = 1, cropWidth = 1, cropHeight = 1] = sizes
        const { target, window, margin } = fit([width, height], resize, [cropWidth, cropHeight])
        expect(Math.min(window.left, window.top, margin.left, margin.top)).toBeGreaterThanOrEqual(0)
        expect(window.left + window.width).toBeLessThanOrEqual(target.width)
        expect(window.top + window.height).toBeLessThanOrEqual(target.height)
        expect(margin.left + window.width).toBeLessThanOrEqual(cropWidth)
        expect(margin.top + window.height).toBeLessThanOrEqual(cropHeight)
      }),
    )
  })
})

test('a picture as thin as a thread costs what its crop costs', async () => {
  const thread = await sharp({ create: { width: 20_000, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const values = await decodeImage(thread, { ...AS_IS, resize: 4096 }, [3, 8, 8])
  expect([values[0], values[64], values[128]]).toEqual([255, 0, 0])
})

test('the filter reads each pixel of a line a few times, however long the line and however short the result', () => {
  const side = fc.integer({ min: 1, max: 65_535 })
  fc.assert(
    fc.property(side, side, fc.constantFrom(filters.bilinear, filters.bicubic), (size, target, filter) => {
      const taps = tapsOf(filter, size, target, 0, target)
      const read = taps.reduce((sum, { weights }) => sum + weights.length, 0)
      expect(read).toBeLessThanOrEqual((2 * filter.support + 1) * (size + target))
    }),
    { numRuns: 20 },
  )
})

test('what lies between the two passes is no larger than the picture or the result', () => {
  const side = fc.integer({ min: 1, max: 65_535 })
  const crop = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }))
  fc.assert(
    fc.property(side, side, crop, fc.integer({ min: 1, max: 700 }), (width, height, [w, h], resize) => {
      const { target, window } = fitPicture({ width, height }, resize, { width: w, height: h })
      const rows = tapsOf(filters.bicubic, height, target.height, window.top, window.height)
      const last = rows.at(-1)
      const span = (last?.start ?? 0) + (last?.weights.length ?? 0) - (rows[0]?.start ?? 0)
      const between = span * window.width
      expect(between).toBeLessThanOrEqual(2 * width * height + 8 * window.width * window.height)
    }),
  )
})

describe('refuses', () => {
  const png = readFileSync(`${FIXTURES}/pattern.png`)
  const load = (source: string | Uint8Array, size = [3, 8, 8]) =>
    diagnosedLater(decodeImage(source, AS_IS, size))

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

  /** The picture with a header that claims another size. */
  function claiming(width: number, height: number): Uint8Array {
    const bomb = Buffer.from(png)
    bomb.writeUInt32BE(width, 16)
    bomb.writeUInt32BE(height, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    return bomb
  }

  test.each([
    [40_000, 40_000, 'E0704'],
    [8_192, 8_193, 'E0704'],
    [1, 2 ** 26, 'E0750'],
    [2 ** 26, 1, 'E0750'],
    [65_536, 2, 'E0750'],
    // Within the limits, so that it is decoded, and found to be cut off.
    [65_535, 1024, 'E0703'],
    [8_192, 8_192, 'E0703'],
  ])('a picture that claims %d x %d pixels, before it is decoded: %s, ', async (width, height, code) => {
    expect(await load(claiming(width, height))).toMatchObject({
      code,
      ...(code === 'E0703' ? {} : { message: expect.stringContaining(`${width} x ${height}`) as string }),
    })
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

  test('a network of other than one or three channels', async () => {
    expect((await load(png, [2, 8, 8])).code).toBe('E0705')
    expect((await load(png, [4, 8, 8])).code).toBe('E0705')
  })

  test('mangled bytes, or shows something', async () => {
    const change = fc.tuple(fc.integer({ min: 8, max: png.length - 1 }), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const bytes = Uint8Array.from(png)
        for (const [at, value] of changes) bytes[at] = value
        await decodeImage(bytes, AS_IS, [3, 8, 8]).catch((error: unknown) => {
          if (!(error instanceof DiagnosticError)) throw error
        })
      }),
      { numRuns: 200 },
    )
  })
})
