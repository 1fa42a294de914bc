import { DiagnosticError, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { diagnosticToJson } from '../../src/diagnostics/json.ts'
import { renderDiagnostics } from '../../src/diagnostics/render.ts'
import type { Probe } from './target.ts'

/** More than this is no message any more. */
const MOST_RENDERED = 2_000_000
/** Line feeds are the renderer's own; all other control characters are someone else's. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/**
 * What holds of diagnostics, whatever they are about: there is a sentence, and the place lies in the text. Where they are
 * `rendered`, which takes longer than to make them, their text for terminals is bounded and has no control characters.
 */
export function judgeDiagnostics(diagnostics: readonly Diagnostic[], probe: Probe, rendered = true): void {
  if (diagnostics.length === 0) return
  probe.expect(diagnostics.length <= 201, 'more than 201 diagnostics', () => String(diagnostics.length))
  for (const diagnostic of diagnostics) judgeOne(diagnostic, probe)
  if (rendered) judgeRendered(diagnostics, probe)
}

function judgeRendered(diagnostics: readonly Diagnostic[], probe: Probe): void {
  const text = probe.step('render', () => renderDiagnostics(diagnostics)) ?? ''
  const json = probe.step('render as JSON', () => JSON.stringify(diagnostics.map(diagnosticToJson))) ?? ''
  const codes = [...new Set(diagnostics.map(({ code }) => code))].slice(0, 3).join(' ')
  probe.expect(text.length < MOST_RENDERED, `a message too long: ${codes}`, () => String(text.length))
  probe.expect(json.length < 4 * MOST_RENDERED, `JSON too long: ${codes}`, () => String(json.length))
  probe.expect(!CONTROL.test(text), `control characters in a message: ${codes}`, () => JSON.stringify(text))
  probe.tally('rendered')
}

function judgeOne({ code, message, help, notes, span }: Diagnostic, probe: Probe): void {
  probe.expect(message !== '', `no message: ${code}`)
  const words = [message, help ?? '', ...notes].join('\n')
  const odd = /\bundefined\b|\[object Object\]|\bNaN\b/.exec(words)?.[0]
  const isQuoted = span !== undefined && odd !== undefined && span.file.text.includes(odd)
  probe.expect(
    odd === undefined || isQuoted || /NaN/.test(odd),
    `${odd ?? ''} in a message: ${code}`,
    () => words,
  )
  if (span === undefined) return
  const isInside = span.start >= 0 && span.start <= span.end && span.end <= span.file.text.length
  probe.expect(isInside, `a span outside of its text: ${code}`, () => `${span.start} to ${span.end}`)
}

/** Whether an exception is an answer: diagnostics, at least one. Those are judged too. */
export const isAnswer =
  (probe: Probe, rendered = true) =>
  (error: unknown): boolean => {
    if (!(error instanceof DiagnosticError) || error.diagnostics.length === 0) return false
    judgeDiagnostics(error.diagnostics, probe, rendered)
    return true
  }
