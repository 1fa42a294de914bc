import { describe, expect, it, test } from 'vitest'
import { build, network, nodeAt } from './build.ts'

/** Blocks and a stage that the pipelines below may use. */
const blocks = `
block conv3(c: int) { return x -> conv(c, 3) }
block named(c: int) {
  y = x -> conv(c, 3)
  return y
}
block norm_act(act: activation = relu) { return x -> batch_norm -> act }
block both() { return x + (x -> batch_norm) }
block through(on: bool) {
  if on { return x -> relu }
  return x
}
block joined() { return concat(x -> conv(4, 1), x -> conv(4, 3)) }
block each() { return [for part in x: part -> conv(4, 3)] -> concat }
block fused(other: tensor) { return concat(x, other) -> batch_norm }
block place() { return x -> conv(8, 3) -> slot here }
block before() { return x -> conv(8, 3) -> slot here -> batch_norm }
block pick(norm: block = batch_norm) { return x -> conv(8, 3) -> norm }
`

/** For each pipeline, whether its convolutions have a bias, in the order of execution. */
const pipelines: readonly (readonly [string, readonly boolean[]])[] = [
  ['stem = conv(8, 3)', [true]],
  ['stem = conv(8, 3) -> batch_norm', [false]],
  ['stem = x -> conv(8, 3) -> batch_norm', [false]],
  ['stem = conv(x, 8, 3) -> batch_norm', [false]],
  ['stem = conv(8, 3) -> abn', [false]],
  ['stem = depthwise_conv(3) -> abn(relu)', [false]],
  ['stem = conv(8, 3) -> layer_norm', [true]],
  ['stem = conv(8, 3) -> relu -> batch_norm', [true]],
  ['stem = conv(8, 3) -> batch_norm -> conv(8, 1)', [false, true]],
  ['stem = conv(8, 3) -> conv(8, 1) -> batch_norm', [true, false]],
  ['stem = conv(8, 3, bias: true) -> batch_norm', [true]],
  ['stem = conv(8, 3, bias: false) -> relu', [false]],
  ['stem = conv(8, 3) as first -> batch_norm as second', [false]],
  // Steps that make no operator, and steps that keep a constant a constant.
  ['stem = conv(8, 3) -> none -> blur_pool(1) -> dropout(0.0) -> batch_norm', [false]],
  ['stem = conv(8, 3) -> max_pool(2) -> batch_norm', [false]],
  ['stem = conv(8, 3) -> blur_pool(2) -> channel_shuffle(2) -> slice(0, 4) -> batch_norm', [false]],
  ['stem = conv(8, 3) -> global_avg_pool -> batch_norm', [false]],
  ['stem = conv(8, 3) -> split(2) -> concat -> batch_norm', [false]],
  ['stem = conv(8, 3) -> avg_pool(2, padding: 1) -> batch_norm', [true]],
  ['stem = conv(8, 3) -> scale -> batch_norm', [true]],
  ['stem = conv(8, 3) -> upsample(2) -> batch_norm', [true]],
  // Pipelines that a concat joins in the same expression.
  ['stem = concat(x -> conv(4, 3), x -> conv(4, 5)) -> batch_norm', [false, false]],
  ['stem = concat(x -> conv(4, 3), x -> conv(4, 5) -> relu) -> max_pool(2) -> batch_norm', [false, true]],
  ['stem = concat(concat(x -> conv(4, 3), x), x -> conv(4, 5)) -> abn', [false, false]],
  ['stem = [x -> conv(4, 3), x -> conv(4, 5)] -> concat -> batch_norm', [false, false]],
  ['stem = [for k in [3, 5]: x -> conv(4, k)] -> concat -> batch_norm', [false, false]],
  ['stem = (if width == 8 { x -> conv(4, 3) } else { x }) -> batch_norm', [false]],
  ['stem = concat(x -> conv(4, 3), x -> conv(4, 5)) -> relu -> batch_norm', [true, true]],
  // A sum is no pipeline, and neither is a product.
  ['stem = (x -> conv(8, 3)) + (x -> conv(8, 1)) -> batch_norm', [true, true]],
  ['stem = add(x -> conv(8, 3), x -> conv(8, 1)) -> batch_norm', [true, true]],
  ['stem = (x -> conv(8, 3)) * (x -> conv(8, 1)) -> batch_norm', [true, true]],
  // A name ends a pipeline.
  ['y = x -> conv(8, 3)\nstem = y -> batch_norm', [true]],
  ['y = x -> conv(8, 3)\nz = y\nstem = z -> batch_norm', [true]],
  ['a = x -> conv(4, 3)\nstem = concat(a, x -> conv(4, 3)) -> batch_norm', [true, false]],
  ['a, b = x -> conv(8, 3) -> split(2)\nstem = concat(a, b) -> batch_norm', [true]],
  ['l = [x -> conv(4, 3), x -> conv(4, 5)]\nstem = l -> concat -> batch_norm', [true, true]],
  ['stem = concat([for y in [x -> conv(4, 3)]: y -> batch_norm], x) ', [true]],
  ['y = x\nfor z in [x -> conv(8, 3)] { y = z -> batch_norm }\nstem = y -> relu', [true]],
  // A part ends a pipeline, and so does each repetition of a stage.
  ['stem = conv(8, 3)\nhead = batch_norm', [true]],
  ['stem = conv(8, 3)\nstage a = batch_norm', [true]],
  ['stage a = conv(8, 3) x 2\nstage b = norm_act', [true, true]],
  ['stage a { conv(8, 3) batch_norm }', [true]],
  ['stage a = conv3(8) x 2\nhead = batch_norm -> relu', [true, true]],
  ['stage a = norm_act -> conv(8, 3) x 2', [true, true]],
  // A block is a step, and a name is a step as what it stands for.
  ['norm = batch_norm(eps: 1e-3)\nstem = conv(8, 3) -> norm', [false]],
  ['stem = pick', [false]],
  ['stem = pick(none)', [true]],
  ['stem = pick(layer_norm)', [true]],
  ['stem = pick(norm_act)', [false]],
  ['stem = conv(8, 3) -> norm_act(gelu)', [false]],
  ['stem = conv3(8) -> batch_norm', [false]],
  ['stem = conv3(8) -> norm_act', [false]],
  ['stem = conv3(8) -> relu', [true]],
  ['stem = named(8) -> batch_norm', [true]],
  ['stem = conv(8, 3) -> both', [true]],
  ['stem = conv(8, 3) -> through(false) -> batch_norm', [false]],
  ['stem = conv(8, 3) -> through(true) -> batch_norm', [true]],
  ['stem = joined -> batch_norm', [false, false]],
  ['stem = conv(8, 3) -> split(2) -> each -> batch_norm', [true, false, false]],
  ['stem = conv(8, 3) -> fused(x -> conv(8, 3))', [false, true]],
  // A slot is a step: nothing where it is empty, else the module that is plugged in.
  ['stage a = place', [true]],
  ['stage a = place with batch_norm at here', [false]],
  ['stage a = place with relu at here', [true]],
  ['stage a = before', [false]],
  ['stage a = before with relu at here', [true]],
  // What is handed out besides keeps its bias.
  ['y = x -> conv(4, 3)\nz = y -> batch_norm\nreturn y, z', [true]],
]

const biasesOf = (body: string): readonly unknown[] =>
  build(blocks + network(body))
    .nodes.filter(({ op }) => op === 'conv')
    .map(({ attributes }) => attributes.bias)

describe('a convolution has a bias unless a batch norm follows in its pipeline', () => {
  test.each(pipelines)('%s', (body, expected) => {
    expect(biasesOf(body)).toEqual(expected)
  })

  it('whatever stands behind a sum, in another part', () => {
    const parameters = (norm: string) => {
      const graph = build(`block u() { return x + (x -> depthwise_conv(7) -> slot a) }
network n(norm: block = none) {
  input 3 x 32 x 32
  stem = conv(8, 3)
  stage s = u x 3
  head = ${norm} -> global_avg_pool -> linear(10)
}`)
      return graph.nodes.filter(({ op }) => op === 'conv').map(({ attributes }) => attributes.bias)
    }
    for (const norm of ['none', 'batch_norm', 'abn', 'norm -> batch_norm'])
      expect(parameters(norm)).toEqual([true, true, true, true])
  })

  it('also where it stands at the end of a chain of pipelines', () => {
    const graph = build(
      network('a, b = x -> conv(6, 1) -> split(2)\nstem = concat(a -> conv(4, 3), b -> conv(4, 5)) -> abn'),
    )
    const at = (path: string) => nodeAt(graph, path).attributes.bias
    expect(['conv1', 'stem.conv1', 'stem.conv2'].map(at)).toEqual([true, false, false])
  })
})
