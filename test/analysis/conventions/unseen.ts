import type { LayerCount } from '../../../src/analysis/conventions/count.ts'
import type { OpName } from '../../../src/ir/ops/index.ts'

/** Operators of a network that a tool does not see, because of how the network's code is written. */
export interface Unseen {
  readonly reason: string
  readonly networks: readonly string[]
  readonly tools: readonly string[]
  /** Whose rules do not apply. */
  readonly op: Exclude<OpName, 'abn'>
  /** To which layers; default: all. */
  readonly where?: (layer: LayerCount) => boolean
}

const inHead = ({ part }: LayerCount): boolean => part === 'head'

/** `type(module)` is looked up, so that a class derived from one that has a rule has none. */
const byType = ['ptflops', 'thop']

const mean = 'a mean over height and width, not a pooling module'
const pools = ['fvcore', 'ptflops', 'thop', 'calflops']
const derivedNorm = "timm's BatchNormAct2d is derived from BatchNorm2d"

/** Where the code of timm 1.0.31 and torchvision 0.28.0 differs from plain modules. */
export const unseen: readonly Unseen[] = [
  {
    reason: `squeeze-and-excitation takes ${mean}`,
    networks: ['efficientnet_b0', 'ghostnet_100', 'repghostnet_050', 'tresnet_m'],
    tools: pools,
    op: 'global_avg_pool',
    where: (layer) => !inHead(layer),
  },
  {
    reason: `the head takes ${mean}`,
    networks: ['tresnet_m', 'shufflenet_v2_x1_0'],
    tools: pools,
    op: 'global_avg_pool',
    where: inHead,
  },
  {
    reason: derivedNorm,
    networks: ['efficientnet_b0', 'mobilenetv2_100', 'tresnet_m'],
    tools: byType,
    op: 'batch_norm',
  },
  {
    reason: `${derivedNorm}; these networks have one, behind the last convolution of their body`,
    networks: ['ghostnet_100', 'repghostnet_050'],
    tools: byType,
    op: 'batch_norm',
    where: ({ part }) => part === 'conv_last',
  },
  {
    reason: "timm's Linear is derived from torch.nn.Linear",
    networks: ['fasternet_t0', 'ghostnet_100', 'repghostnet_050'],
    tools: byType,
    op: 'linear',
  },
]
