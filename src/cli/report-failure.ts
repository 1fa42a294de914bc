import { isAbsolute } from 'node:path'
import type { Code } from '../diagnostics/catalogue/index.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { printable } from '../diagnostics/printable.ts'
import { diagnosticToJson } from '../diagnostics/json.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { isWorkingFolderGone } from '../host/file-system.ts'
import { AlreadyReported, EXIT, UsageError } from './exit.ts'
import { clearProgress, note, printJson, wantsColor } from './terminal.ts'

export interface FailureContext {
  /** Whether the user asked for JSON: a program that reads stdout then finds the reason there. */
  readonly json: boolean
}

/** Tells the user what went wrong; returns the exit status. Nothing but `ARCHC_DEBUG=1` shows a stack trace. */
export function reportFailure(error: unknown, context: FailureContext): number {
  clearProgress()
  if (isOfWorkingFolder(error)) return reportDiagnostics([diagnose('E0784', { path: '.' }, {})], context)
  if (error instanceof AlreadyReported) return EXIT.inputAtFault
  if (error instanceof DiagnosticError) return reportDiagnostics(error.diagnostics, context)
  if (error instanceof UsageError) {
    // The message quotes the command line, and with it whatever a file is called.
    note(`error: ${printable(error.message)}`)
    return EXIT.wrongUsage
  }
  return reportInternalError(error)
}

/** Files that a relative path does not find. */
const notFound: readonly Code[] = ['E0900', 'E0904', 'E0907']

/** Whether the working folder is gone, and that is why: no path is at fault then. */
export function isOfWorkingFolder(error: unknown): boolean {
  if (!isWorkingFolderGone()) return false
  if (!(error instanceof DiagnosticError)) return error instanceof Error && 'syscall' in error
  const [first] = error.diagnostics
  return first !== undefined && notFound.includes(first.code) && !isAbsolute(first.place?.path ?? '/')
}

function reportDiagnostics(diagnostics: readonly Diagnostic[], { json }: FailureContext): number {
  if (json) printJson({ diagnostics: diagnostics.map(diagnosticToJson) })
  noteDiagnostics(diagnostics)
  return EXIT.inputAtFault
}

export function noteDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const color = wantsColor(process.stderr)
  for (const diagnostic of diagnostics) note(`${renderDiagnostic(diagnostic, { color }).trimEnd()}\n`)
}

function reportInternalError(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error)
  note(`archc: internal error: ${printable(message.split('\n', 1)[0] ?? '')}`)
  note('This is a fault of archc, not of your input. Please report it with the command line and the spec;')
  note('ARCHC_DEBUG=1 in the environment adds the details that help to find it.')
  if (process.env['ARCHC_DEBUG'] === '1' && error instanceof Error) note(error.stack ?? '')
  return EXIT.internalError
}
