import type { AttributesOf } from '../../ir/ops/index.ts'
import { activationNamed } from './activations.ts'
import { at, build, dimensions, mapValues, type Volume } from './array.ts'
import type { Call, Oracle } from './oracle.ts'

type Normed = Pick<Call<{ eps: number }>, 'attributes' | 'x' | 'output' | 'parameter'>

function runningNorm({ attributes, x, output, parameter }: Normed): Volume {
  const of = (role: 'weight' | 'bias' | 'running_mean' | 'running_var', c: number) =>
    parameter(role)[c] ?? NaN
  return build(output, (c, y, z) => {
    const deviation = Math.sqrt(of('running_var', c) + attributes.eps)
    return ((at(x, c, y, z) - of('running_mean', c)) / deviation) * of('weight', c) + of('bias', c)
  })
}

export const batchNorm: Oracle<AttributesOf<'batch_norm'>> = runningNorm

export const abn: Oracle<AttributesOf<'abn'>> = (call) => {
  const { activation, slope } = call.attributes
  return mapValues(runningNorm(call), activationNamed(activation, slope))
}

export const layerNorm: Oracle<AttributesOf<'layer_norm'>> = ({ attributes, x, output, parameter }) => {
  const [channels] = dimensions(x)
  return build(output, (c, y, z) => {
    const values = Array.from({ length: channels }, (_, other) => at(x, other, y, z))
    const mean = values.reduce((sum, value) => sum + value, 0) / channels
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels
    const normal = (at(x, c, y, z) - mean) / Math.sqrt(variance + attributes.eps)
    return normal * (parameter('weight')[c] ?? NaN) + (parameter('bias')[c] ?? NaN)
  })
}
