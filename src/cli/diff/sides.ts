import type { Command } from 'commander'
import type { Analysis } from '../../analysis/analysis.ts'
import { addRepeatable, parseSize, type NetworkOptions } from '../options.ts'

/** Options of one side only, in the names that commander gives them. */
export interface SideOptions {
  readonly aNetwork?: string
  readonly bNetwork?: string
  readonly aSet: readonly string[]
  readonly bSet: readonly string[]
  readonly aWith: readonly string[]
  readonly bWith: readonly string[]
  readonly aWithout: readonly string[]
  readonly bWithout: readonly string[]
  readonly aInputSize?: readonly number[]
  readonly bInputSize?: readonly number[]
}

export function addSideOptions(command: Command): Command {
  for (const [letter, side] of [
    ['a', 'first'],
    ['b', 'second'],
  ] as const) {
    command.option(`--${letter}-network <name>`, `--network of the ${side} side alone`)
    addRepeatable(command, `--${letter}-set <name=value>`, `--set of the ${side} side alone`)
    addRepeatable(command, `--${letter}-with <placement>`, `--with of the ${side} side alone`)
    addRepeatable(command, `--${letter}-without <module>`, `--without of the ${side} side alone`)
    command.option(`--${letter}-input-size <CxHxW>`, `--input-size of the ${side} side alone`, parseSize)
  }
  return command
}

export interface SideRequest {
  readonly target: string
  readonly options: NetworkOptions
  /** What the report calls it: its network, and how that is changed on this side alone. */
  readonly label: (analysis: Analysis) => string
}

export function sideOf(
  letter: 'a' | 'b',
  target: string,
  options: NetworkOptions & SideOptions,
): SideRequest {
  const own = ownOf(letter, options)
  const network = own.network ?? options.network
  const inputSize = own.inputSize ?? options.inputSize
  return {
    target,
    options: {
      set: [...options.set, ...own.set],
      with: [...options.with, ...own.with],
      without: [...options.without, ...own.without],
      ...(network === undefined ? {} : { network }),
      ...(inputSize === undefined ? {} : { inputSize }),
    },
    label: (analysis) => [analysis.network, ...changesOf(own)].join(' '),
  }
}

function ownOf(letter: 'a' | 'b', options: SideOptions) {
  if (letter === 'a') {
    const { aNetwork: network, aSet, aWith, aWithout, aInputSize: inputSize } = options
    return { network, set: aSet, with: aWith, without: aWithout, inputSize }
  }
  const { bNetwork: network, bSet, bWith, bWithout, bInputSize: inputSize } = options
  return { network, set: bSet, with: bWith, without: bWithout, inputSize }
}

const changesOf = ({ set, with: placed, without }: ReturnType<typeof ownOf>): readonly string[] => [
  ...set,
  ...placed.map((placement) => `with ${placement}`),
  ...without.map((module) => `without ${module}`),
]
