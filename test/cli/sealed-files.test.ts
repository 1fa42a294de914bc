import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { crc32 as referenceCrc32 } from '../support/crc32.ts'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSealed, sealed, slowCrc32 } from '../../src/host/sealed-file.ts'
import { runNode, workFolder } from './support/archc.ts'

const BASIS = Buffer.from('what it was made of')

test('a sealed file is read as it was written, and not with any bit flipped, of it or of its basis', () => {
  const path = join(workFolder(), 'file')
  const whole = Buffer.from(sealed(Buffer.from('some content'), BASIS))
  writeFileSync(path, whole)
  expect(readSealed(path, BASIS)?.toString()).toBe('some content')
  for (let bit = 0; bit < 8 * BASIS.length; bit++)
    expect(readSealed(path, flipped(BASIS, bit))).toBeUndefined()
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    writeFileSync(path, flipped(whole, bit))
    expect(readSealed(path, BASIS), `bit ${bit}`).toBeUndefined()
  }
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    expect(readSealed(path, BASIS)).toBeUndefined()
  }
})

test('anything but a file is passed over at once', () => {
  const folder = workFolder()
  expect(readSealed(folder)).toBeUndefined()
  expect(readSealed(join(folder, 'missing'))).toBeUndefined()
  execFileSync('mkfifo', [join(folder, 'pipe')])
  expect(readSealed(join(folder, 'pipe'))).toBeUndefined()
})

test('the checksum for old releases of Node is the same', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(slowCrc32(b, slowCrc32(a, 0))).toBe(referenceCrc32(Buffer.concat([a, b])))
    }),
  )
})

test('a damaged code cache or tree changes nothing: every command does what it did', async () => {
  const copy = workFolder()
  cpSync('dist', join(copy, 'dist'), { recursive: true })
  symlinkSync(resolve('specs'), join(copy, 'specs'))
  const macs = async () => {
    const args = [join(copy, 'dist/cli/archc.cjs'), 'analyze', 'resnet18', '--json', '--device', 'none']
    const { status, stdout } = await runNode(args)
    return status === 0 ? (JSON.parse(stdout) as { macs: number }).macs : status
  }
  const whole = await macs()
  for (const [name, places] of [
    ['dist/cli/core.cache', 8],
    ['dist/trees/specs/networks/resnet.arch.tree', 4],
  ] as const) {
    const file = join(copy, name)
    const content = readFileSync(file)
    for (let place = 0; place < places; place++) {
      // Spread over the file, the header among them.
      writeFileSync(file, flipped(content, Math.floor((8 * content.length * place) / places) + place))
      expect(await macs(), `${name}, place ${place}`).toBe(whole)
    }
    rmSync(file)
    expect(await macs(), `${name} is missing`).toBe(whole)
    mkdirSync(file)
    expect(await macs(), `${name} is a folder`).toBe(whole)
    rmSync(file, { recursive: true })
    execFileSync('mkfifo', [file])
    expect(await macs(), `${name} is a pipe`).toBe(whole)
  }
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
