import { reasonOf } from '../runtime/files/file-system.ts'
import { EXIT } from './exit.ts'

/** Results go to stdout; everything a person watches goes to stderr. */

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}

export function note(text: string): void {
  clearProgress()
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Shows what is going on, in place, on a terminal; a pipe or a file sees nothing of it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}

/** https://no-color.org: any non-empty value of NO_COLOR turns colour off; FORCE_COLOR turns it on. */
export function wantsColor(stream: { readonly isTTY?: boolean }): boolean {
  if (process.env['NO_COLOR']) return false
  if (process.env['FORCE_COLOR']) return process.env['FORCE_COLOR'] !== '0'
  return stream.isTTY === true && process.env['TERM'] !== 'dumb'
}

/** How a report for people is shown. */
export interface Appearance {
  readonly width: number
  readonly color: boolean
}

/**
 * Of what goes to stdout, or to a file where one is named. A pipe or a file has no width: nothing is left out for lack of
 * it.
 */
export const appearance = (output?: string): Appearance => ({
  width: output === undefined && process.stdout.isTTY ? process.stdout.columns : Infinity,
  color: output === undefined && wantsColor(process.stdout),
})

/**
 * A reader that has seen enough (`archc ir tresnet_l | head`) is no fault: stop without a word. A result that cannot
 * be written (`> file` on a full disk) is one.
 */
export function stopWhenReaderLeaves(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') note(`error: the result cannot be written: ${reasonOf(code ?? '')}`)
    process.exit(code === 'EPIPE' ? EXIT.done : EXIT.inputAtFault)
  })
  // Where nobody can be told, nothing is left to do but to end.
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) =>
    process.exit(code === 'EPIPE' ? EXIT.done : EXIT.inputAtFault),
  )
}
