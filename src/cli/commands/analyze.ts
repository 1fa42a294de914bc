import type { Command } from 'commander'
import { analyze } from '../../analysis/analyze.ts'
import { analysisJson } from '../../report/json.ts'
import { analysisText } from '../../report/text.ts'
import { loadNetwork } from '../load-network.ts'
import { addNetworkOptions, TARGET_HELP, type NetworkOptions } from '../options.ts'
import { findSpec } from '../../runtime/files/spec.ts'
import { print, printJson } from '../terminal.ts'

interface Options extends NetworkOptions {
  readonly layers?: boolean
  readonly json?: boolean
}

const EXAMPLES = `
MACs are multiply-accumulates of convolutions and linear layers, bias not counted, for one image.

Examples:
  archc analyze tresnet_m
  archc analyze tresnet_m --layers
  archc analyze tresnet_m --without se
  archc analyze tresnet_m --with 'layer3: se(reduction: 16) at spatial'
  archc analyze my_network.arch --set width=1.2 --input-size 3x192x256 --json`

export function define(command: Command): void {
  addNetworkOptions(command.argument('<network>', TARGET_HELP))
    .option('--layers', 'list every operator too')
    .option('--json', 'print {"network", "parameters", "macs", "stages": [...], "layers": [...], ...}')
    .addHelpText('after', EXAMPLES)
    .action(report)
}

function report(target: string, options: Options): void {
  const analysis = analyze(loadNetwork(findSpec(target), options))
  if (options.json) return printJson(analysisJson(analysis))
  // A pipe has no width: nothing is left out for lack of it.
  const width = process.stdout.isTTY ? process.stdout.columns : Infinity
  print(analysisText(analysis, { layers: options.layers ?? false, width }))
}
