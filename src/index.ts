/**
 * archc for programs: `parse`, `elaborate`, `analyze`, `compile`.
 *
 * ```ts
 * import { loadProgram, elaborate, analyze } from 'archc'
 * const program = loadProgram('net.arch', host)
 * const { graph, diagnostics } = elaborate(program, { network: 'tiny' })
 * if (graph !== undefined) console.log(analyze(graph).macs)
 * ```
 */
export { parse, parseExpression, type ParseResult } from './parser/parse.ts'
export { createSourceFile, type SourceFile } from './source/source-file.ts'
export { loadProgram, type Program } from './project/load.ts'
export type { SourceHost } from './project/source-host.ts'
export { checkProgram, elaborate, networkNames, type ElaborateOptions, type Elaboration } from './ir/elaborate/elaborate.ts'
export type * from './ir/graph.ts'
