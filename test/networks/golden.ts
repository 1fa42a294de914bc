import { makeTensor } from '../reference/recipe.mjs'
import { readJson } from './support.ts'

/** A file of `test/reference/golden`. */
export interface Golden {
  readonly network: string
  readonly recipe: { readonly seed_prefix: string; readonly exponents: Readonly<Record<string, number>> }
  /** Official names and shapes. */
  readonly state_dict: Readonly<Record<string, readonly number[]>>
  /** By input size, `HxW`. */
  readonly runs: Readonly<Record<string, Run>>
}

export interface Run {
  readonly logits: readonly number[]
  readonly taps?: readonly Tap[]
}

export interface Tap {
  readonly label: string
  /** With the batch in front. */
  readonly shape: readonly number[]
  readonly std: number
  readonly samples: readonly (readonly [index: number, value: number])[]
}

/** The golden files whose networks are in the library, without the deployment forms. */
export const goldenNames = [
  ...['tresnet_m', 'repghostnet_050', 'fasternet_t0', 'resnet50', 'resnext50_32x4d'],
  ...['efficientnet_b0', 'mobilenetv2_100'],
]

export const readGolden = (name: string): Golden => readJson(`test/reference/golden/${name}.json`) as Golden

/** The weights that a golden file was made with, by official name. */
export function goldenTensors({ recipe, state_dict }: Golden): ReadonlyMap<string, GoldenTensor> {
  const tensors = new Map<string, GoldenTensor>()
  for (const [key, shape] of Object.entries(state_dict)) {
    const exponent = recipe.exponents[key.slice(0, key.lastIndexOf('.'))] ?? 0
    const data = makeTensor(recipe.seed_prefix, key, shape, exponent)
    if (data !== null) tensors.set(key, { shape, data })
  }
  return tensors
}

export interface GoldenTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}
