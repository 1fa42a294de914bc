import { DiagnosticError, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'

/** The one diagnostic that `action` throws. */
export function diagnosed(action: () => unknown): Diagnostic {
  try {
    action()
  } catch (error) {
    return only(error)
  }
  throw new Error('nothing was diagnosed')
}

export async function diagnosedLater(work: Promise<unknown>): Promise<Diagnostic> {
  const error: unknown = await work.then(
    () => new Error('nothing was diagnosed'),
    (error: unknown) => error,
  )
  return only(error)
}

function only(error: unknown): Diagnostic {
  if (!(error instanceof DiagnosticError)) throw error
  const [diagnostic, ...more] = error.diagnostics
  if (diagnostic === undefined || more.length > 0) throw error
  return diagnostic
}

/** What `action` returns; `undefined` where it diagnoses; any other error goes on. */
export function orDiagnosed<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined
    throw error
  }
}
