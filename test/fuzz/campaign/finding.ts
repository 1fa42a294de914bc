import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../target.ts'
import type { Origin } from './try-input.ts'

/** A problem and the input that shows it, as a file. */
export interface Finding extends Origin {
  readonly problem: Problem
  /** Absent where the process ended: then the origin makes it again. */
  readonly input?: unknown
}

/** Bytes are no JSON; their base64 is. */
const withBytes = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { $base64: Buffer.from(value).toString('base64') } : value

const asBytes = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && '$base64' in value
    ? Uint8Array.from(Buffer.from(String(value.$base64), 'base64'))
    : value

/** Writes a finding, and beside it the program or the file that it is about, to be given to the command line. */
export function writeFinding(folder: string, finding: Finding): string {
  mkdirSync(folder, { recursive: true })
  const { target, index, problem, input } = finding
  const words = problem.signature.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60)
  const path = join(folder, `${target}-${index}-${words}.json`)
  const command = `npm run fuzz -- --replay ${path}`
  writeFileSync(path, JSON.stringify({ command, ...finding }, withBytes, 1))
  const body = bodyOf(input)
  if (body !== undefined) writeFileSync(path.replace(/\.json$/, body.extension), body.content)
  return path
}

function bodyOf(input: unknown): { extension: string; content: string | Uint8Array } | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  if ('files' in input) {
    const texts = Object.entries(input.files as Record<string, string>)
    return {
      extension: '.arch',
      content: texts.map(([path, text]) => (path === 'main.arch' ? text : `# ${path}\n${text}`)).join('\n'),
    }
  }
  if ('bytes' in input && input.bytes instanceof Uint8Array)
    return { extension: '.bin', content: input.bytes }
  return 'text' in input ? { extension: '.txt', content: String(input.text) } : undefined
}

export const readFinding = (path: string): Finding =>
  JSON.parse(readFileSync(path, 'utf8'), asBytes) as Finding
