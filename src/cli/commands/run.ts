import { Option, type Command } from 'commander'
import { tfjsDevices } from '../../runtime/tfjs-device.ts'
import {
  addNetworkOptions,
  addWeightOptions,
  addRepeatable,
  parseInteger,
  parseList,
  parseNumbers,
  parsePart,
} from '../options.ts'
import type { RunOptions } from '../run/run-options.ts'

const EXAMPLES = `
A .jpg or .png is resized, cropped and normalised as the network says; a .npy (float32, N x C x H x W or C x H x W) goes
in as it is, and a network runs at its size. A folder is a compiled model: ./NAME where a built-in network is called so.

Examples:
  archc run efficientnet_lite0 --weights efficientnet_lite0.safetensors --input cat.jpg
  archc run models/lite0 --input cat.jpg --input dog.jpg --top 3
  archc run tresnet_m --weights tresnet_m.safetensors --input x.npy --output y.npy
  archc run resnet50 --input x.npy --tap stem,layer1.0 --tap-dir taps`

export function define(command: Command): void {
  command.argument('<network>', 'a built-in network, an .arch file, or a compiled model')
  addWeightOptions(addNetworkOptions(command))
  addRepeatable(command, '--input <file>', 'a .jpg, .png or .npy; may be repeated')
    .option('--output <file>', 'write the result as .npy; of several, y.npy becomes y.0.npy, y.1.npy ...')
    .option('--tap <names>', 'parts or paths whose values are wanted too: stem,layer1.0', parseList)
    .option('--tap-dir <folder>', 'where to write them, NAME.npy each')
    .option('--top <k>', 'how many classes to name', parseInteger(1, 1_000_000), 5)
    .option('--mean <numbers>', 'subtracted from each channel of an image in 0..1', parseNumbers)
    .option('--std <numbers>', 'what each channel is then divided by', parseNumbers)
    .option('--resize <n>', 'the shorter side before the crop, in pixels', parseInteger(1, 16384))
    .option(
      '--crop-pct <part>',
      'instead: the part of a side that the crop keeps, as timm states it',
      parsePart,
    )
    .addOption(
      new Option('--interpolation <kind>', 'how images are resized').choices(['bilinear', 'bicubic']),
    )
    .addOption(new Option('--backend <name>', 'what computes').choices([...tfjsDevices]).default('wasm'))
    .option('--json', 'print {"network", "backend", "weights", "results": [{"input", "top": [...]}]}')
    .addHelpText('after', EXAMPLES)
    .action(async (target: string, options: RunOptions) => {
      const { run } = await import('../run/run.ts')
      await run(target, options)
    })
}
