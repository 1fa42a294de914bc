import { expect } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from './host.ts'

/** The graph of a network with this body, on a picture of 3 x 8 x 8. */
export function graphOf(body: string): Graph {
  const text = `network n() {\n  input 3 x 8 x 8\n  ${body}\n}\n`
  return elaborate(loadProgram('main.arch', hostOf({ 'main.arch': text }))).graph ?? expect.fail()
}
