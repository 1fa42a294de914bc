import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { fitPicture } from '../../src/host/images/resample.ts'
import { decodeImage, type Preprocessing } from '../../src/host/images/load-image.ts'
import { crc32 } from '../support/crc32.ts'
import { hostOf } from '../support/host.ts'
import { interleave } from './interleave.ts'

type Pair = readonly [height: number, width: number]

interface Case {
  readonly picture: Pair
  readonly mode: 'RGB' | 'L'
  readonly crop: Pair
  readonly crop_pct: number
  readonly interpolation: 'bilinear' | 'bicubic'
  readonly resized: Pair
  readonly crc32: number
  readonly samples: readonly number[]
}

/** What timm's own transforms gave; `tools/reference/preprocess-timm.py` made it. */
const { cases } = JSON.parse(readFileSync('test/host/fixtures/preprocess-timm.json', 'utf8')) as {
  cases: readonly Case[]
}

test('the cases hold more than twenty sizes of squares and of others, both interpolations, up and down', () => {
  const sizes = new Set(cases.map(({ crop }) => crop.join('x')))
  const squares = [...sizes].filter((size) => size.split('x')[0] === size.split('x')[1])
  expect(squares.length).toBeGreaterThanOrEqual(20)
  expect(sizes.size - squares.length).toBeGreaterThanOrEqual(10)
  const kinds = cases.map(
    ({ interpolation, picture, resized }) => `${interpolation} ${resized[0] > picture[0] ? 'up' : 'down'}`,
  )
  expect([...new Set(kinds)].sort()).toEqual(['bicubic down', 'bicubic up', 'bilinear down', 'bilinear up'])
})

test.each(cases)(
  '$picture at $crop_pct for $crop, $interpolation, $mode',
  async ({ picture, mode, crop, crop_pct, interpolation, ...expected }) => {
    const size = [mode === 'L' ? 1 : 3, ...crop]
    const preprocessing = statedBy(size, crop_pct, interpolation)
    const [height, width] = picture
    const { target } = fitPicture({ height, width }, preprocessing.resize, {
      height: crop[0],
      width: crop[1],
    })
    expect([target.height, target.width]).toEqual(expected.resized)
    const pixels = interleave(await decodeImage(await pngOf(height, width), preprocessing, size), size[0])
    const places = expected.samples.map((_, i) => Math.floor((i * (pixels.length - 1)) / 11))
    expect(places.map((place) => pixels[place])).toEqual(expected.samples)
    expect(crc32(pixels)).toBe(expected.crc32)
  },
)

/** What the metadata of a network with this input says, but for statistics that hand pixels on as they are. */
function statedBy(
  size: readonly number[],
  cropPct: number,
  interpolation: 'bilinear' | 'bicubic',
): Preprocessing {
  // A network cannot ask for less than its input; programs can.
  const said = Math.min(1, cropPct)
  const text = `network net() {
    metadata(crop_pct: ${said}, interpolation: "${interpolation}")
    input ${size.join(' x ')}
    stem = relu
  }`
  const { graph } = elaborate(loadProgram('net.arch', hostOf({ 'net.arch': text })))
  if (graph === undefined) throw new Error(text)
  const [, height = 1, width = 1] = size
  const less = [Math.floor(height / cropPct), Math.floor(width / cropPct)] as const
  const asIs = { mean: size.map(() => 0), std: size.map(() => 1 / 255) }
  return { ...graph.metadata, ...asIs, ...(cropPct > 1 ? { resize: less } : {}) }
}

const pngs = new Map<string, Promise<Uint8Array>>()

/** The picture of `tools/reference/preprocess-timm.py`. */
function pngOf(height: number, width: number): Promise<Uint8Array> {
  const key = `${height}x${width}`
  const made = pngs.get(key) ?? drawn(height, width)
  pngs.set(key, made)
  return made
}

function drawn(height: number, width: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(height * width * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      pixels.set(
        [
          (Math.floor(x / 9) + Math.floor(y / 7)) % 2 === 0 ? 255 : 0,
          (x + y) % 80 < 40 ? (x * 4 + y) % 256 : (x % 2) * 255,
          (x * x * 7 + y * y * 13 + x * y * 5) % 256,
        ],
        3 * (y * width + x),
      )
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}
