import type { Command } from 'commander'
import type { Graph } from '../../ir/graph.ts'
import { afterPasses, loadNetwork } from '../load-network.ts'
import {
  addNetworkOptions,
  addPassOption,
  TARGET_HELP,
  type NetworkOptions,
  type PassOptions,
} from '../options.ts'
import { findSpec } from '../../host/spec.ts'
import { print, printJsonText } from '../terminal.ts'

interface Options extends NetworkOptions, PassOptions {
  readonly json?: boolean
  readonly output?: string
}

const EXAMPLES = `
Examples:
  archc ir resnet18
  archc ir my_network.arch --set width=1.2
  archc ir tresnet_m --json -o tresnet_m.json
  archc ir resnet18 --after fold-norm`

export default function (command: Command): void {
  addPassOption(addNetworkOptions(command.argument('<network>', TARGET_HELP)))
    .option('--json', 'print the graph as JSON (specs/schemas has its schema)')
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(showGraph)
}

async function showGraph(target: string, options: Options): Promise<void> {
  const text = await written(
    afterPasses(loadNetwork(findSpec(target), options), options),
    options.json ?? false,
  )
  if (options.output === undefined) return options.json ? printJsonText(text) : print(text)
  const { writeOutput } = await import('../write-output.ts')
  await writeOutput(options.output, text)
}

/** JSON needs a validator, text does not: each loads only its own. */
async function written(graph: Graph, json: boolean): Promise<string> {
  if (!json) return withNewline((await import('../../ir/print.ts')).printGraph(graph))
  const { graphToJsonText } = await import('../../ir/json.ts')
  return graphToJsonText(graph)
}

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
