import { printable, printableJson, printableLines } from '../diagnostics/printable.ts'
import { reasonOf } from '../host/file-system.ts'
import { EXIT } from './exit.ts'

/**
 * Results go to stdout; everything a person watches goes to stderr. Names and texts of others act on no terminal: what
 * acts instead of showing is made to show here once more, whoever wrote the line. A line of its own, with `::error` in
 * it, is a command too, so that whoever puts a name into a line calls `printable`.
 */
export function print(text: string): void {
  process.stdout.write(withNewline(harmless(text, wantsColor(process.stdout))))
}

export function printJson(value: unknown): void {
  printJsonText(JSON.stringify(value, undefined, 2))
}

/** JSON as it was written; what acts on a terminal becomes an escape, which says the same. */
export function printJsonText(json: string): void {
  process.stdout.write(withNewline(printableJson(json)))
}

/** A page for browsers: it is not for eyes, and its policy holds for these bytes only. */
export function printPage(html: string): void {
  process.stdout.write(withNewline(html))
}

export function note(text: string): void {
  clearProgress()
  process.stderr.write(withNewline(harmless(text, wantsColor(process.stderr))))
}

/** Shows what is going on, in place, on a terminal; a pipe or a file sees nothing of it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${printable(text)}`)
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** A colour, as `painterOf` writes it. */
const SGR = /(\x1b\[[\d;]*m)/

/** Colours pass where archc colours; a split by a group has what it matched at every second place. */
const harmless = (text: string, color: boolean): string =>
  color
    ? text
        .split(SGR)
        .map((part, index) => (index % 2 === 1 ? part : printableLines(part)))
        .join('')
    : printableLines(text)

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
 * Readers may leave. The work goes on and the exit status is what it would have been: a reader that has seen enough
 * (`archc ir tresnet_l | head`) makes no failure of a success, and no success of a failure. A result that cannot be
 * written for another reason (`> file` on a full disk) is a failure.
 */
export function outliveReaders(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'ECONNRESET' || isTold) return
    isTold = true
    note(`error: the result cannot be written: ${reasonOf(code ?? '')}`)
    // A status that says more is not overwritten, and `archc.ts` lets one of the command go first.
    process.exitCode ||= EXIT.inputAtFault
  })
  // Nobody can be told that nobody can be told.
  process.stderr.on('error', () => undefined)
}

let isTold = false
