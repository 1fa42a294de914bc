import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Code } from '../../diagnostics/catalogue/index.ts'
import { evaluatePoint, type SweepPlan } from '../../analysis/sweep/evaluate.ts'
import { resolveDeclarations } from '../../ir/elaborate/declarations.ts'
import { adviseImports } from '../../runtime/files/advise-imports.ts'
import type { Spec } from '../../runtime/files/spec.ts'

/** Mistakes of the command line, whatever the values of a point: names of networks, settings, blocks and stages. */
const ofAllPoints: ReadonlySet<Code> = new Set<Code>([
  ...(['E0210', 'E0211', 'E0212', 'E0402', 'E0417', 'E0518', 'E0519', 'E0521'] as const),
  'E1101',
])

/**
 * Evaluates the first point, so that what is wrong with all of them is told before the work begins. What is wrong with that
 * point alone is in the result.
 * @throws DiagnosticError, UsageError
 */
export async function checkFirstPoint(
  plan: SweepPlan & { spec: Spec },
): Promise<DiagnosticError | undefined> {
  try {
    await evaluatePoint(plan, 0)
    return undefined
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    // What is wrong with names and text is found before any value is looked at.
    const ofText = new Set(resolveDeclarations(plan.program).diagnostics)
    if (error.diagnostics.some((one) => ofText.has(one) || ofAllPoints.has(one.code)))
      throw new DiagnosticError(adviseImports(error.diagnostics, plan.spec.host))
    return error
  }
}
