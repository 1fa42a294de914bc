import { type Command, Option } from 'commander'
import type { Analysis } from '../../analysis/analysis.ts'
import { addRepeatable, parseSize, type NetworkOptions, addNetworkOptions, TARGET_HELP } from '../options.ts'
import { analyze } from '../../analysis/analyze.ts'
import { diff } from '../../analysis/diff/diff.ts'
import { diffJson, diffMarkdown, diffText } from '../../report/diff.ts'
import { findSpec } from '../../host/spec.ts'
import { addAnalysisOptions, requesterOf, type AnalysisOptions, type Requester } from '../analysis-options.ts'
import { loadNetwork } from '../load-network.ts'
import { appearance, print, printJson } from '../terminal.ts'

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

interface Options extends NetworkOptions, AnalysisOptions, SideOptions {
  readonly layers?: boolean
  readonly json?: boolean
  readonly markdown?: boolean
}

const EXAMPLES = `
Parts are paired by name, and those without a namesake by kind and order; within a part blocks, and within a block layers,
by path. Options such as --set are for both sides; with a- or b- in front they change one. The exit status does not say
whether the networks differ: it is 0 once they were compared.

Examples:
  archc diff tresnet_m tresnet_l
  archc diff old/net.arch new/net.arch --layers
  archc diff tresnet_m --b-without se
  archc diff resnet50 --b-with 'eca at residual' --b-input-size 3x288x288
  archc diff net.arch --a-network small --b-network large --markdown
  archc diff resnet50 seresnet50 --device v100 --batch 64 --training --json`

export default function (command: Command): void {
  command.argument('<network>', TARGET_HELP).argument('[other]', 'what to compare it with; default: itself')
  addSideOptions(addAnalysisOptions(addNetworkOptions(command)))
    .option('--layers', 'list the layers of changed blocks too')
    .option('--json', 'print {"before", "after", "total", "parts": [{"change", "figures", "blocks": [...]}]}')
    .addOption(new Option('--markdown', 'print tables for a pull request').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(compare)
}

async function compare(target: string, other: string | undefined, options: Options): Promise<void> {
  const request = await requesterOf(options)
  const [a, b] = [sideOf('a', target, options), sideOf('b', other ?? target, options)]
  const before = await analysed(a.target, a.options, request)
  const after = await analysed(b.target, b.options, request)
  const difference = diff(before, after, { before: a.label(before), after: b.label(after) })
  const layers = options.layers ?? false
  if (options.json) return printJson(diffJson(difference))
  if (options.markdown) return print(diffMarkdown(difference, { layers }))
  print(diffText(difference, { layers, ...appearance() }))
}

async function analysed(target: string, options: NetworkOptions, request: Requester): Promise<Analysis> {
  const graph = loadNetwork(findSpec(target), options)
  return analyze(graph, await request(graph))
}
