import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { crc32 } from '../support/crc32.ts'
import { expect, test } from 'vitest'
import { archc, cli, runNode, TINY, workFolder } from './support/archc.ts'

const CAT = resolve('examples/photographs/chelsea.png')

/** A real picture whose header claims another size. */
function claiming(width: number, height: number): Uint8Array {
  const png = Buffer.from(readFileSync(CAT))
  // Signature (8), length (4), then the chunk: `IHDR`, width, height, five bytes, checksum.
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

test('a picture that claims to be vast is not unpacked (E0704)', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY, 'vast.png': claiming(60_000, 60_000) })
  const { status, stderr } = await archc(['run', 'tiny.arch', '--input', 'vast.png'], { cwd })
  expect(status).toBe(1)
  expect(stderr).toContain('error[E0704]')
})

test('where sharp does not load, that is said (E0707)', async () => {
  const cwd = workFolder({
    'tiny.arch': TINY,
    'forbid.cjs': `const modules = require('node:module'), load = modules._load
      modules._load = (name, ...more) => { if (name === 'sharp') throw new Error('no binary'); return load(name, ...more) }`,
  })
  const args = ['--require', join(cwd, 'forbid.cjs'), cli, 'run', 'tiny.arch', '--input', CAT]
  const { status, stderr } = await runNode(args, { cwd })
  expect(status).toBe(1)
  expect(stderr).toContain('error[E0707]')
})
