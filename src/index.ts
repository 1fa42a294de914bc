/**
 * archc for programs. What opens files or devices is asynchronous and needs Node; all else is pure and runs in a
 * browser too. docs/api.md has whole programs.
 */
export { parse, parseExpression, type ExpressionResult, type ParseResult } from './parser/parse.ts'
export { createSourceFile, positionAt, type SourceFile } from './source/source-file.ts'
export { loadProgram, type Program } from './project/load.ts'
export type { SourceHost } from './project/load.ts'
export {
  checkProgram,
  elaborate,
  networkNames,
  type ElaborateOptions,
  type Elaboration,
} from './elaborate/elaborate.ts'
export { inputShape } from './ir/graph.ts'
export type { Graph, NetworkMetadata, Node, Parameter, Part, Provenance, Value } from './ir/graph.ts'
export type { Initial } from './ir/ops/definition.ts'
export { graphFromJsonText, graphToJsonText } from './ir/json.ts'
export { printGraph } from './ir/print.ts'
export { verifyGraph } from './ir/verifier.ts'
export { analyze, type AnalysisRequest } from './analysis/analyze.ts'
export type {
  Analysis,
  Counts,
  LayerAnalysis,
  MemoryAnalysis,
  StageAnalysis,
  Throughput,
  Time,
} from './analysis/analysis.ts'
export { eager } from './engines/eager/eager.ts'
export { fused } from './engines/fused/fused.ts'
export type { ExecutionOptions, Kernel } from './engines/kernel.ts'
export type { EngineCall, Schedule } from './engines/schedule.ts'
export type { Calibration, Device } from './analysis/devices/device.ts'
export { readDevice } from './analysis/devices/read-device.ts'
export { predictionOf } from './analysis/throughput.ts'
export type { TimePrediction } from './analysis/throughput.ts'
export { roofline } from './analysis/time/time-model.ts'
export type { KernelTime, TimeModel } from './analysis/time/time-model.ts'
export { memoryOf } from './analysis/memory/memory.ts'
export { analysisCsv } from './report/csv.ts'
export { analysisJson } from './report/json.ts'
export { analysisMarkdown } from './report/markdown.ts'
export { analysisText } from './report/text.ts'
export { DiagnosticError, type Diagnostic } from './diagnostics/diagnostic.ts'
export { diagnosticToJson } from './diagnostics/json.ts'
export { renderDiagnostic, renderDiagnostics } from './diagnostics/render.ts'
export { bindWeights } from './weights/bind-weights.ts'
export { initialWeights } from './weights/initial-weights.ts'
export { readNameMap } from './weights/name-map.ts'
export { readSafetensors } from './weights/safetensors/read.ts'
export { writeSafetensors } from './weights/safetensors/write.ts'
export type { BoundWeights, Weights } from './weights/weights.ts'
export { compile, type CompileOptions } from './runtime/compile.ts'
export type { Model, Prediction } from './backends/model.ts'
export { topClasses, type Guess } from './runtime/top-classes.ts'
export { readNpy, type NpyArray } from './host/npy.ts'
export { writeNpy } from './host/npy.ts'
export {
  builtInDevices,
  builtInNetworks,
  calibratedDevices,
  loadDevice,
  loadImage,
  loadLabels,
  loadWeights,
  nodeHost,
  openNetwork,
} from './runtime/files.ts'
export type { Preprocessing } from './host/images/load-image.ts'
export type { SpecPlace, WeightsFileOptions } from './runtime/node.ts'
