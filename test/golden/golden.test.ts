import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { graphFromJsonText, graphToJsonText } from '../../src/ir/json.ts'
import { printGraph } from '../../src/ir/print.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOver } from '../support/host.ts'

const folder = import.meta.dirname
const sources = readdirSync(folder).filter((name) => name.endsWith('.arch'))

/** Source and graph in one file, so that a change of either is read beside the other. */
it.each(sources)('%s becomes the graph beside it', async (name) => {
  const { graph, diagnostics } = elaborate(loadProgram(name, hostOver(folder)))
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  if (graph === undefined) return
  expect(verifyGraph(graph)).toEqual([])
  const source = readFileSync(join(folder, name), 'utf8').trimEnd()
  await expect(`${source}\n\n${'-'.repeat(80)}\n\n${printGraph(graph)}`).toMatchFileSnapshot(name.replace('.arch', '.golden'))
})

it.each(sources)('%s survives JSON: text -> IR -> JSON -> IR is the identity', async (name) => {
  const { graph } = elaborate(loadProgram(name, hostOver(folder)))
  if (graph === undefined) throw new Error('no graph')
  const text = graphToJsonText(graph)
  const read = await graphFromJsonText(text, { path: 'model.json' })
  expect(read).toEqual(graph)
  expect(graphToJsonText(read)).toBe(text)
})
