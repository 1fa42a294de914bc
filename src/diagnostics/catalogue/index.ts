import type { Entry } from '../entry.ts'
import { syntax } from './syntax.ts'
import { files } from './files.ts'
import { names } from './names.ts'
import { values } from './values.ts'
import { shapes } from './shapes.ts'
import { structure } from './structure.ts'
import { weights } from './weights.ts'
import { weightFiles } from './weight-files.ts'
import { inputs } from './inputs.ts'
import { models } from './models.ts'
import { analyses } from './analyses.ts'
import { devices } from './devices.ts'
import { engines } from './engines.ts'
import { measurements } from './measurements.ts'
import { sweeps } from './sweeps.ts'

/** Every mistake archc can report. A code, once published, keeps its meaning. */
export const catalogue = {
  ...syntax,
  ...files,
  ...names,
  ...values,
  ...shapes,
  ...structure,
  ...weights,
  ...weightFiles,
  ...inputs,
  ...models,
  ...analyses,
  ...devices,
  ...engines,
  ...measurements,
  ...sweeps,
} as const

export type Code = keyof typeof catalogue
export type FactsOf<C extends Code> = (typeof catalogue)[C] extends Entry<infer Facts> ? Facts : never
