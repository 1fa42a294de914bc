import type { Difference } from '../../analysis/diff/difference.ts'

/** Version of the form of the report. */
export const DIFF_VERSION = 1

/** The report for programs, as `specs/schemas/diff.schema.json` states it. */
export type DiffJson = Difference & { readonly archc_diff: number }

export const diffJson = (difference: Difference): DiffJson => ({ archc_diff: DIFF_VERSION, ...difference })
