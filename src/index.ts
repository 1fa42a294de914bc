/**
 * archc for programs.
 *
 * ```ts
 * const program = loadProgram('net.arch', host)
 * const { graph, diagnostics } = elaborate(program, { network: 'tiny' })
 * if (graph === undefined) throw new DiagnosticError(diagnostics)
 * const { parameters, macs } = analyze(graph)
 * const model = await compile(graph)
 * const { logits } = await model.predict(new Float32Array(3 * 224 * 224), 1)
 * ```
 */
export { parse, parseExpression, type ExpressionResult, type ParseResult } from './parser/parse.ts'
export { createSourceFile, positionAt, type SourceFile } from './source/source-file.ts'
export { loadProgram, type Program } from './project/load.ts'
export type { SourceHost } from './project/source-host.ts'
export {
  checkProgram,
  elaborate,
  networkNames,
  type ElaborateOptions,
  type Elaboration,
} from './ir/elaborate/elaborate.ts'
export type { Graph, Initial, NetworkMetadata, Node, Parameter, Part, Provenance, Value } from './ir/graph.ts'
export { graphFromJsonText, graphToJsonText } from './ir/json.ts'
export { printGraph } from './ir/print.ts'
export { verifyGraph } from './ir/verify.ts'
export { analyze } from './analysis/analyze.ts'
export type { Analysis, LayerAnalysis, StageAnalysis } from './analysis/analysis.ts'
export { analysisJson } from './report/json.ts'
export { analysisText } from './report/text.ts'
export { DiagnosticError, type Diagnostic } from './diagnostics/diagnostic.ts'
export { diagnosticToJson } from './diagnostics/json.ts'
export { renderDiagnostic, renderDiagnostics } from './diagnostics/render.ts'
export { bindWeights } from './weights/binding/bind-weights.ts'
export { initialWeights } from './weights/initial/initial-weights.ts'
export { readNameMap } from './weights/names/read-name-map.ts'
export { readSafetensors } from './weights/safetensors/read.ts'
export { writeSafetensors } from './weights/safetensors/write.ts'
export type { Weights } from './weights/weights.ts'
export { compile, type CompileOptions } from './runtime/compile.ts'
export type { Model, Prediction } from './backends/model.ts'
