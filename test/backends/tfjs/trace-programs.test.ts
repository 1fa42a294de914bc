import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/engines/kernel.ts'
import { trace } from '../../../src/backends/tfjs/trace/trace.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { networkGraph } from '../../networks/support.ts'
import { allCases } from '../op-cases.ts'
import { graphOf } from './support.ts'

/** As the fixtures were recorded (`tools/tfjs-programs`). */
const BATCH = 2

/** Title of a case or name of a network, and the programs that the backend itself ran: `Im2ColPacked 7776, ...`. */
function recorded(backend: string): [title: string, programs: string[]][] {
  const text = readFileSync(new URL(`fixtures/${backend}.json`, import.meta.url), 'utf8')
  const fixture = JSON.parse(text) as Record<string, string>
  return Object.entries(fixture).map(([title, list]) => [title, list.split(', ').filter(Boolean)])
}

function graphNamed(title: string): Graph {
  const one = allCases.find((candidate) => candidate.title === title)
  return one ? graphOf(one.op, one.attributes, one.inputs) : networkGraph(title)
}

/** The classes of programs that our names stand for; the first that fits. */
const classes: readonly (readonly [name: RegExp, program: RegExp])[] = [
  [/^depthwise/, /^DepthwiseConv/],
  [/^(conv|matmul)/, /^(MatMul|Conv2DMM)/],
  [/^resize bilinear/, /^ResizeBilinear/],
  [/^resize nearest/, /^ResizeNearestNeighbor/],
  [/pool$/, /^Pool/],
  [/^im2col$/, /^Im2Col/],
  [/^(add|sub|mul|div|prelu)$/, /^BinaryOp/],
  [/^(mean|max|sum)$/, /^(Mean|Reduce)/],
  [/^pack$/, /^Pack/],
  [/^unpack$/, /^Unpack/],
  [/^reshape$/, /^ReshapePacked/],
  [/^slice$/, /^Slice/],
  [/^concat$/, /^Concat/],
  [/^pad$/, /^(Mirror)?Pad/],
  [/^transpose$/, /^Transpose/],
  [/^depth_to_space$/, /^DepthToSpace/],
  [/^softmax$/, /^Softmax/],
  [/^fill$/, /^Fill/],
  [/^bias$/, /^BiasActivation/],
  // Any other single word is the name of a function of one number.
  [/^[a-z0-9]+$/, /^UnaryOp/],
]

function isSame({ name, written }: Kernel, program: string): boolean {
  const [kind = '', elements] = program.split(' ')
  const ours = (written * BATCH) / 4
  const wanted = classes.find(([names]) => names.test(name))?.[1]
  // webgl makes maps of odd width wider by a column for some products (Conv2D_impl.js).
  const isWider = kind === 'MatMulPacked' && Number(elements) > ours && Number(elements) <= 2 * ours
  return wanted?.test(kind) === true && (Number(elements) === ours || isWider)
}

describe.each(['webgl', 'webgpu'] as const)('the trace launches what %s ran itself', (backend) => {
  it.each(recorded(backend))('%s', (title, programs) => {
    const { kernels } = trace(graphNamed(title), backend, BATCH)
    const wrong = programs.flatMap((program, i) => {
      const kernel = kernels[i]
      return kernel && isSame(kernel, program) ? [] : [`${i}: ${kernel?.name ?? 'nothing'} for ${program}`]
    })
    expect(wrong).toEqual([])
    expect(kernels.length).toBe(programs.length)
  })
})
