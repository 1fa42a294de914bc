import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tapValue } from '../../src/backends/model.ts'
import { builtIns } from '../../src/host/built-ins.ts'
import { openProject } from '../../src/host/file-host.ts'
import { packageRoot } from '../../src/host/package.ts'
import { renderDiagnostic } from '../../src/diagnostics/render.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { parseExpression } from '../../src/parser/parse.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { loadProgram } from '../../src/project/load.ts'
import { type NameMap, readNameMap } from '../../src/weights/name-map.ts'

/** Settings of a network's parameters, `width=0.5` each. */
type Settings = Readonly<Record<string, string>>

/** The graph of a network of `specs/networks`; fails with the diagnostics where it does not compile. */
export function networkGraph(name: string, inputSize?: readonly number[], set: Settings = {}): Graph {
  const builtIn = builtIns().find((candidate) => candidate.name === name)
  if (builtIn === undefined) throw new Error(`specs/networks has no ${name}`)
  const { host, entry } = openProject(join(packageRoot(), builtIn.file))
  const program = loadProgram(entry, host)
  const settings = new Map(
    Object.entries(set).map(([key, value]) => [
      key,
      parseExpression(createSourceFile(`--set ${key}`, value)).expression,
    ]),
  )
  const options = { network: name, settings, ...(inputSize === undefined ? {} : { inputSize }) }
  const { graph, diagnostics } = elaborate(program, options)
  const all = [...program.diagnostics, ...diagnostics]
  if (graph === undefined || all.length > 0)
    throw new Error(all.map((diagnostic) => renderDiagnostic(diagnostic, { color: false })).join('\n\n'))
  return graph
}

/** The map of official names that a network's metadata asks for. */
export function nameMapOf({ metadata }: Graph): NameMap {
  const path = `specs/names/${metadata.names}.json`
  return readNameMap(readFileSync(join(packageRoot(), path), 'utf8'), path)
}

/** A JSON file of the package; what it holds is the caller's to know. */
export const readJson = (path: string): unknown => JSON.parse(readFileSync(join(packageRoot(), path), 'utf8'))

/** What the reference calls otherwise than the specs: stages are `layer1` in ResNets, the rest lies inside parts. */
export function addressOf(label: string, graph: Graph): string {
  const named = addresses[label]?.find((address) => tapValue(graph, address) !== undefined)
  const layer = label.replace('stage', 'layer')
  return named ?? (tapValue(graph, layer) === undefined ? label : layer)
}

const addresses: Readonly<Record<string, readonly string[]>> = {
  s2d: ['stem.space_to_depth1'],
  conv1: ['stem.relu1'],
  stage10: ['conv_last'],
  // The last convolution, or what comes just before the classifier: the activation there is the head's first.
  head: ['head.silu1', 'head.relu1', 'head.relu61', 'head.hard_swish1'],
  head_act: ['head.relu1', 'head.gelu1'],
}

/** The shape at a part or path, without the batch. */
export function shapeAt(address: string, graph: Graph): readonly number[] | undefined {
  const value = tapValue(graph, address)
  return value === undefined ? undefined : graph.values[value]?.type.shape
}
