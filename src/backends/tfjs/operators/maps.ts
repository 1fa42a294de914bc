import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Padding } from '../../../ir/ops/geometry.ts'
import type { ParameterRole } from '../../../ir/ops/definition.ts'
import type { TensorType } from '../../../ir/tensor-type.ts'
import type { StepContext } from '../step.ts'

const isMap = (x: Tensor): x is Tensor4D => x.rank === 4

/** A batch of feature maps, [N, H, W, C]; a tensor of another rank is the compiler's fault. */
export function asMap(x: Tensor | undefined): Tensor4D {
  if (x && isMap(x)) return x
  throw new Error(`expected a batch of feature maps, got ${x ? `rank ${x.rank}` : 'nothing'}`)
}

export function first(inputs: readonly Tensor[]): Tensor {
  const [x] = inputs
  if (!x) throw new Error('a node without inputs')
  return x
}

/** Channels of a logical type; the one axis of a vector counts as its channels. */
export const channelsOf = (type: TensorType | undefined): number => type?.shape[0] ?? 0

/** Height and width of a logical type. */
export const mapSizeOf = (type: TensorType | undefined): [height: number, width: number] => [
  type?.shape[1] ?? 1,
  type?.shape[2] ?? 1,
]

type Sides = [before: number, after: number]

/** Padding as tfjs takes it: before and after, per axis of NHWC. */
export const explicit = ([top, right, bottom, left]: Padding): [Sides, Sides, Sides, Sides] => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
]

/** A parameter of one number a channel (or a feature), on the device. */
export const parameterVector = (
  { parameter, constant }: Pick<StepContext, 'parameter' | 'constant'>,
  role: ParameterRole,
  length: number,
): Tensor1D => constant([length], () => parameter(role))
