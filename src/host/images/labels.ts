import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'

/**
 * Names of classes, by their number.
 * @param path how diagnostics name the file
 * @throws DiagnosticError E0706
 */
export function readLabels(text: string, path: string): readonly string[] {
  const labels = parse(text, path)
  if (!Array.isArray(labels)) return refuse(path, 'no list')
  return labels.map((label, index) =>
    typeof label === 'string' ? label : refuse(path, `a list whose item ${index} is no string`),
  )
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuse(path, 'not JSON')
  }
}

function refuse(path: string, found: string): never {
  throw new DiagnosticError([diagnose('E0706', { path }, { found })])
}
