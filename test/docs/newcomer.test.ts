import { expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOver } from '../support/host.ts'

const folder = new URL('./newcomer/', import.meta.url).pathname

/** Networks written from docs/language.md alone; parameters as timm and torchvision count them. */
it.each([
  ['densenet121', 7_978_856],
  ['convnext_t', 28_589_128],
  ['res2net50', 25_699_120],
  ['regnety_400mf', 4_344_144],
  ['hrnet_w18_small', 13_187_464],
])('%s, as a newcomer writes it, has %i parameters', (network, parameters) => {
  const { graph, diagnostics } = elaborate(loadProgram(`${network}.arch`, hostOver(folder)), { network })
  expect(diagnostics).toEqual([])
  expect(graph && analyze(graph).parameters).toBe(parameters)
})
