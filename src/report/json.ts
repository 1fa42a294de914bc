import type { Analysis } from '../analysis/analysis.ts'

/** Version of the form of the report. */
const ANALYSIS_VERSION = 2

/** The report for programs, as `specs/schemas/analysis.schema.json` states it. */
type AnalysisJson = Analysis & { readonly archc_analysis: number }

export const analysisJson = (analysis: Analysis): AnalysisJson => ({
  archc_analysis: ANALYSIS_VERSION,
  ...analysis,
})
