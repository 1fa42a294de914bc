import { Option, type Command } from 'commander'
import { analyze } from '../../analysis/analyze.ts'
import type { Analysis } from '../../analysis/analysis.ts'
import { diff } from '../../analysis/diff/diff.ts'
import { diffJson } from '../../report/diff/json.ts'
import { diffMarkdown } from '../../report/diff/markdown.ts'
import { diffText } from '../../report/diff/text.ts'
import { findSpec } from '../../runtime/files/spec.ts'
import { addAnalysisOptions, requesterOf, type AnalysisOptions, type Requester } from '../analysis-options.ts'
import { addSideOptions, sideOf, type SideOptions } from '../diff/sides.ts'
import { loadNetwork } from '../load-network.ts'
import { addNetworkOptions, TARGET_HELP, type NetworkOptions } from '../options.ts'
import { appearance, print, printJson } from '../terminal.ts'

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

export function define(command: Command): void {
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
