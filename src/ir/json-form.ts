import type { ErrorObject, ValidateFunction } from 'ajv'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type FilePlace } from '../diagnostics/diagnostic.ts'
import type { Graph } from './graph.ts'
import { irSchema } from './json-schema.ts'

/** What a file holds: the graph, and the version of the format. */
export type GraphJson = Graph & { readonly archc_ir: number }

let compiled: Promise<ValidateFunction<GraphJson>> | undefined

/** Checks a document against the published schema; throws a `DiagnosticError` with E0803 at the first fault. */
export async function validateForm(json: unknown, place: FilePlace): Promise<GraphJson> {
  compiled ??= compileSchema()
  const validate = await compiled
  if (validate(json)) return json
  const [error] = validate.errors ?? []
  const facts = { pointer: error?.instancePath ?? '', fault: describe(error) }
  throw new DiagnosticError([diagnose('E0803', place, facts)])
}

/** ajv is loaded here, when a graph is read, and by nothing else: checking a spec must not wait for it. */
async function compileSchema(): Promise<ValidateFunction<GraphJson>> {
  const { Ajv2020 } = await import('./schema-validator.ts')
  const ajv = new Ajv2020({ ownProperties: true, logger: false, strictTypes: false })
  return ajv.compile<GraphJson>(irSchema())
}

/** ajv's sentence with the fact that it leaves out. */
function describe(error: ErrorObject | undefined): string {
  const params: Readonly<Record<string, unknown>> = error?.params ?? {}
  const detail = params['additionalProperty'] ?? params['allowedValue'] ?? params['allowedValues']
  const shown = detail === undefined ? '' : `: ${JSON.stringify(detail)}`
  return `this ${error?.message ?? 'is not a graph'}${shown}`
}
