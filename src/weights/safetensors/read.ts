import { readEntry } from './entries.ts'
import type { SafetensorsFile } from './file.ts'
import { readHeader } from './header.ts'
import { checkLayout } from './layout.ts'

/**
 * Reads a safetensors file (github.com/huggingface/safetensors, "Format"): a length, a JSON header, data. The
 * header is checked in full before anything is decoded; time and memory stay in proportion to the file.
 * @param path how diagnostics name the file
 * @throws DiagnosticError E0601 to E0609, E0650 and E0651, with the byte offset at fault
 */
export function readSafetensors(bytes: Uint8Array, path: string): SafetensorsFile {
  const header = readHeader(bytes, path)
  const { dataStart, metadata } = header
  const home = { path, data: bytes.subarray(dataStart), dataStart }
  const entries = header.entries.map(([name, entry]) => readEntry(name, entry, { header, home }))
  checkLayout(entries, { path, dataStart, available: home.data.length })
  return { ...home, metadata, tensors: new Map(entries.map((entry) => [entry.name, entry])) }
}
