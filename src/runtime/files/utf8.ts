import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'

/**
 * UTF-8 as text; a byte order mark is dropped.
 * @throws DiagnosticError E0903 at the first byte that is no UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const offset = firstBadByte(bytes)
    throw new DiagnosticError([
      diagnose('E0903', { path: shown, offset }, { offset, byte: bytes[offset] ?? 0 }),
    ])
  }
}

/** The offset of the first character that is none, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (good < bad) {
    const middle = (good + bad + 1) >> 1
    if (decodes(bytes.subarray(0, middle), { stream: true })) good = middle
    else bad = middle - 1
  }
  return decodes(bytes.subarray(0, good), { stream: false }) ? good : startOfCharacter(bytes, good - 1)
}

/** Whether this is UTF-8; a stream may end within a character. */
function decodes(bytes: Uint8Array, options: { stream: boolean }): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, options)
    return true
  } catch {
    return false
  }
}

function startOfCharacter(bytes: Uint8Array, last: number): number {
  let at = last
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}
