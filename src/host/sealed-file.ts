import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import zlib from 'node:zlib'

/** Characters of a seal. */
const LENGTH = 8

/**
 * What the build keeps to save time, as it is written: a seal, and then the content. A seal tells damage, not malice: who
 * can write beside the program can change the program.
 * @param basis what the content was made of: of another basis it is worth nothing
 */
export const sealed = (content: Uint8Array, ...basis: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([Buffer.from(sealOf([...basis, content]), 'latin1'), content])

/**
 * The content of a sealed file. `undefined` where there is none, where a single bit of it or of its basis is another, and
 * for anything but a regular file: a pipe is not waited for. Whoever reads it does without.
 */
export function readSealed(path: string, ...basis: readonly Uint8Array[]): Buffer | undefined {
  const file = readIfRegular(path)
  if (file === undefined || file.length < LENGTH) return undefined
  const content = file.subarray(LENGTH)
  return file.toString('latin1', 0, LENGTH) === sealOf([...basis, content]) ? content : undefined
}

function readIfRegular(path: string): Buffer | undefined {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return fstatSync(descriptor).isFile() ? readFileSync(descriptor) : undefined
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined
  }
}

/** A CRC-32 of all: it finds every flipped bit, and takes a millisecond for the code cache. */
function sealOf(parts: readonly Uint8Array[]): string {
  const crc32 = typeof zlib.crc32 === 'function' ? zlib.crc32 : slowCrc32
  return parts
    .reduce((crc, part) => crc32(part, crc), 0)
    .toString(16)
    .padStart(LENGTH, '0')
}

/** The same, for Node before 20.15, whose zlib keeps its own to itself (ISO 3309, reflected). */
export function slowCrc32(bytes: Uint8Array, start: number): number {
  let crc = ~start
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  return crc
})
