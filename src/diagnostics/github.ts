import type { Diagnostic } from './diagnostic.ts'
import { diagnosticToJson } from './json.ts'
import { printable } from './printable.ts'

/**
 * One diagnostic as a workflow command of GitHub Actions, which shows it at its line in a pull request. Properties and
 * messages are escaped as the runner undoes it, so that no name of a file ends the command or begins another.
 */
export function githubAnnotation(diagnostic: Diagnostic): string {
  const { code, severity, message, file, line, column, endLine, endColumn, notes, help } =
    diagnosticToJson(diagnostic)
  const properties = { file, line, col: column, endLine, endColumn, title: code }
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${property(String(value))}`],
  )
  const text = [message, ...notes, ...(help === null ? [] : [`help: ${help}`])]
  return `::${severity} ${given.join(',')}::${data(text.map(printable).join('\n'))}`
}

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (text: string): string => data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
