import type { Command } from 'commander'
import { printable } from '../../diagnostics/printable.ts'
import { isModelFolder, modelFiles } from '../compiled-model.ts'
import { LABELS, readDataFile } from '../../host/built-ins.ts'
import { loadNetwork } from '../load-network.ts'
import { weightsOf, type WeightOptions } from '../load-weights.ts'
import { addNetworkOptions, addWeightOptions, TARGET_HELP, type NetworkOptions } from '../options.ts'
import { findSpec } from '../../host/spec.ts'
import { clearProgress, print, progress } from '../terminal.ts'
import { refuseFolder, writeFolder } from '../write-output.ts'

interface Options extends NetworkOptions, WeightOptions {
  readonly output: string
  readonly force?: boolean
}

const EXAMPLES = `
The folder holds model.json (the graph), weights.safetensors and, where the network has any, labels.json. It is
written whole or not at all; one that is there is replaced only if it is empty or a compiled model.

Examples:
  archc compile efficientnet_lite0 --weights efficientnet_lite0.safetensors -o models/lite0
  archc compile tresnet_m --weights tresnet_m.safetensors --inplace-abn -o models/tresnet_m
  archc compile my_network.arch --seed 7 -o models/mine`

export default function (command: Command): void {
  addWeightOptions(addNetworkOptions(command.argument('<network>', TARGET_HELP)))
    .requiredOption('-o, --output <folder>', 'the folder to write')
    .option('--force', 'replace the folder whatever it holds')
    .addHelpText('after', EXAMPLES)
    .action(compile)
}

async function compile(target: string, options: Options): Promise<void> {
  const plan = {
    folder: options.output,
    mayReplace: (entries: readonly string[], folder: string) =>
      options.force === true || isModelFolder(entries, folder),
  }
  await refuseFolder(plan)
  const spec = findSpec(target)
  const graph = loadNetwork(spec, options)
  const { labels } = graph.metadata
  const labelText = labels === undefined ? undefined : readDataFile(LABELS, labels, spec.file).text
  const weights = weightsOf(graph, { spec, options }, options)
  progress(`writing ${options.output}`)
  await writeFolder(plan, modelFiles(graph, weights, labelText))
  clearProgress()
  print(`${printable(graph.name)} is compiled into ${printable(options.output)}`)
}
