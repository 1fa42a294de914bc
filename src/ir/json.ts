import type { ErrorObject, ValidateFunction } from 'ajv'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type FilePlace } from '../diagnostics/diagnostic.ts'
import type { Graph } from './graph.ts'
import { irSchema, IR_VERSION } from './json-schema.ts'
import { canonicalGraph } from './canonical.ts'
import { faultsOf } from './verifier.ts'

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

/** Texts longer than this are refused unread; the largest published networks take about a megabyte. */
const MAX_TEXT = 2 ** 26

/** The graph as plain data for `JSON.stringify`, its keys in a fixed order. */
export function graphToJson(graph: Graph): GraphJson {
  return { archc_ir: IR_VERSION, ...canonicalGraph(graph) }
}

/** The graph as text: one value, parameter, operator or part a line, so that differences can be read. */
export function graphToJsonText(graph: Graph): string {
  const entries = Object.entries(graphToJson(graph)).map(([key, value]) => {
    const isLong = Array.isArray(value) && value.some((item) => typeof item === 'object')
    const rows = isLong ? value.map((item) => `    ${JSON.stringify(item)}`).join(',\n') : ''
    return `  ${JSON.stringify(key)}: ${isLong ? `[\n${rows}\n  ]` : JSON.stringify(value)}`
  })
  return `{\n${entries.join(',\n')}\n}\n`
}

/**
 * Reads what `graphToJson` wrote, or anything else that claims to be a graph: first its form is checked against
 * the schema, then its meaning. Rejects with a `DiagnosticError` (E0802 and on) that points into the document.
 */
export async function graphFromJson(json: unknown, place: FilePlace): Promise<Graph> {
  refuseOtherVersions(json, place)
  const graph = withoutVersion(await validateForm(json, place))
  const faults = faultsOf(graph)
  if (faults.length > 0) throw new DiagnosticError(faults.map((fault) => fault(place)))
  return graph
}

/** As `graphFromJson`, from text; E0801 where it is not JSON, E0804 where it is too long. */
export async function graphFromJsonText(text: string, place: FilePlace): Promise<Graph> {
  if (text.length > MAX_TEXT) {
    const facts = { pointer: '', what: 'a text', amount: text.length, limit: MAX_TEXT }
    throw new DiagnosticError([diagnose('E0804', place, facts)])
  }
  return graphFromJson(parseJson(text, place), place)
}

function parseJson(text: string, place: FilePlace): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DiagnosticError([diagnose('E0801', place, { reason })])
  }
}

function withoutVersion({ archc_ir: version, ...graph }: GraphJson): Graph {
  if (version !== IR_VERSION) throw new Error('the schema admits this version only')
  return graph
}

/** Before anything else: in another version of the format every other complaint would mislead. */
function refuseOtherVersions(json: unknown, place: FilePlace): void {
  if (typeof json !== 'object' || json === null || !('archc_ir' in json)) return
  if (typeof json.archc_ir !== 'number' || json.archc_ir === IR_VERSION) return
  const facts = { found: String(json.archc_ir), known: IR_VERSION }
  throw new DiagnosticError([diagnose('E0802', place, facts)])
}
