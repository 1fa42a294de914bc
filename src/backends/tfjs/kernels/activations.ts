import {
  add,
  div,
  erf,
  mul,
  prelu,
  relu as tfRelu,
  relu6 as tfRelu6,
  sigmoid as tfSigmoid,
  tanh as tfTanh,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core'
import type { ActivationName } from '../../../ir/ops/activations.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel, Site } from '../kernel.ts'
import { channelsOf, first } from './maps.ts'

export type Activation = (x: Tensor) => Tensor
/** What constants per channel need. */
type ChannelSite = Pick<Site, 'inputs' | 'constant'>

/** relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244). */
const hardSigmoid: Activation = (x) => div(tfRelu6(add(x, 3)), 6)

/** x * (1 + erf(x / sqrt 2)) / 2, exact rather than by tanh. */
const gelu: Activation = (x) => mul(x, mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5))

/** By prelu with one slope per channel: backends vectorise it where they do not vectorise leakyRelu. */
function leakyRelu(site: ChannelSite, slope: number): Activation {
  const channels = channelsOf(site.inputs[0])
  const slopes: Tensor1D = site.constant([channels], () => new Float32Array(channels).fill(slope))
  return (x) => prelu(x, slopes)
}

const plain = {
  relu: tfRelu,
  relu6: tfRelu6,
  silu: (x) => mul(x, tfSigmoid(x)),
  gelu,
  hard_swish: (x) => mul(x, hardSigmoid(x)),
  hard_sigmoid: hardSigmoid,
  sigmoid: tfSigmoid,
  tanh: tfTanh,
} satisfies { readonly [N in Exclude<ActivationName, 'leaky_relu'>]: Activation }

/** The activation that an operator names in its attributes; `none` gives nothing. */
export function activationNamed(
  name: ActivationName | 'none',
  slope: number,
  site: ChannelSite,
): Activation | undefined {
  if (name === 'none') return undefined
  return name === 'leaky_relu' ? leakyRelu(site, slope) : plain[name]
}

const kernel =
  (activation: Activation): Kernel =>
  () =>
  (inputs) =>
    activation(first(inputs))

/** Kernels of the activations as nodes of their own. */
export const activations = {
  relu: kernel(plain.relu),
  relu6: kernel(plain.relu6),
  silu: kernel(plain.silu),
  gelu: kernel(plain.gelu),
  hard_swish: kernel(plain.hard_swish),
  hard_sigmoid: kernel(plain.hard_sigmoid),
  sigmoid: kernel(plain.sigmoid),
  tanh: kernel(plain.tanh),
  leaky_relu: (site: Site<AttributesOf<'leaky_relu'>>) => {
    const activation = leakyRelu(site, site.attributes.slope)
    return (inputs: readonly Tensor[]) => activation(first(inputs))
  },
}
