import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodePicture, decodeImage } from '../../src/host/images/load-image.ts'
import { interleave } from './interleave.ts'

interface Case {
  readonly name: string
  /** As Pillow calls it: `CMYK`, `I;16`. */
  readonly mode: string
  readonly size: readonly [height: number, width: number]
  /** All in base64. */
  readonly file: string
  readonly rgb: string
  readonly grey: string
}

/** Files of every kind, and what Pillow makes of them; `tools/reference/pictures-pillow.py` made them. */
const { cases } = JSON.parse(readFileSync('test/host/fixtures/pictures-pillow.json', 'utf8')) as {
  cases: readonly Case[]
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'))

test('the cases hold every mode in which Pillow opens PNG and JPEG', () => {
  expect([...new Set(cases.map(({ mode }) => mode))].sort()).toEqual([
    ...['1', 'CMYK', 'I;16', 'L', 'LA', 'P', 'RGB', 'RGBA'],
  ])
})

describe.each(cases)('$name', ({ size: [height, width], ...files }) => {
  test("is decoded as Pillow's convert('RGB') does, to the bit", async () => {
    const picture = await decodePicture(bytes(files.file), 'x')
    expect([picture.height, picture.width]).toEqual([height, width])
    expect(Uint8Array.from(picture.pixels)).toEqual(bytes(files.rgb))
  })

  test("is grey for a network of one channel, as Pillow's convert('L') makes it", async () => {
    const shorter = Math.min(height, width)
    const asIs = { mean: [0], std: [1 / 255], resize: shorter, interpolation: 'bilinear' } as const
    const values = await decodeImage(bytes(files.file), asIs, [1, height, width])
    expect(interleave(values, 1)).toEqual(bytes(files.grey))
  })
})
