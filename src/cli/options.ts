import { InvalidArgumentError, Option, type Command } from 'commander'
import { passes, passNamed } from '../passes/pipelines.ts'

const decimal = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 } as const
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const
const joules = { kJ: 1e3, J: 1, mJ: 1e-3, uJ: 1e-6 } as const
const seconds = { s: 1, ms: 1e-3, us: 1e-6 } as const

/** `4G`, `390M`, `4.1 GMACs`: a count with a decimal prefix. */
export const parseCount = (text: string): number =>
  quantity(text.trimEnd().replace(/MACs$/i, ''), decimal, 'a number with K, M, G or T is wanted, e.g. 4.1G')

/** `120MB`, `2GiB`, `5e8`: bytes. */
export const parseBytes = (text: string): number =>
  quantity(
    text.trimEnd().replace(/B$/i, ''),
    { ...decimal, ...binary },
    'a number of bytes is wanted, e.g. 120MB or 2GiB',
  )

/** `5ms`, `300us`, `0.2s`, in seconds. */
export const parseDuration = (text: string): number =>
  quantity(text, seconds, 'a time with its unit is wanted, e.g. 5ms')

/** `50mJ`, `1.2J`, in joules. */
export const parseEnergy = (text: string): number =>
  quantity(text, joules, 'an energy with its unit is wanted, e.g. 50mJ')

function quantity(text: string, units: Readonly<Record<string, number>>, wanted: string): number {
  const [, digits = '', unit = ''] =
    /^(\d{1,15}(?:\.\d{1,15})?(?:e\d{1,2})?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? []
  const factor = Object.entries(units).find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1]
  const product = digits === '' || factor === undefined ? NaN : Number(digits) * factor
  // 4.1 * 1e9 is a little less than it should be.
  const value = product >= 1000 ? Math.round(product) : product
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError(`${wanted[0]?.toUpperCase() ?? ''}${wanted.slice(1)}.`)
}

/** What every command that elaborates a network takes. */
export interface NetworkOptions {
  readonly network?: string
  /** `name=value` each. */
  readonly set: readonly string[]
  /** `STAGE: MODULE at SLOT` each. */
  readonly with: readonly string[]
  /** `MODULE` or `STAGE: MODULE` each. */
  readonly without: readonly string[]
  /** [C, H, W]. */
  readonly inputSize?: readonly number[]
}

export const TARGET_HELP = 'a built-in network (`archc networks` lists them) or the path of an .arch file'

export function addNetworkOptions(command: Command): Command {
  command.option('--network <name>', 'the network of the file to use, where it declares several')
  addRepeatable(
    command,
    '--set <name=value>',
    'give a parameter of the network a value, or of a block (se.reduction=8); may be repeated',
  )
  addRepeatable(
    command,
    '--with <placement>',
    "put a module in a slot: 'layer3: se(reduction: 16) at spatial'; may be repeated",
  )
  addRepeatable(
    command,
    '--without <module>',
    "take a module out of its slots: se, or 'layer3: se'; may be repeated",
  )
  return command.option(
    '--input-size <CxHxW>',
    "another input than the network's own, e.g. 3x192x256",
    parseSize,
  )
}

/** An option whose value is a list, empty where it is not given. As a default of the option, help would show it. */
export function addRepeatable(command: Command, flags: string, description: string): Command {
  const option = new Option(flags, description).argParser(collect)
  return command.addOption(option).setOptionValueWithSource(option.attributeName(), [], 'default')
}

/** What every command takes that works on a graph as passes leave it. */
export interface PassOptions {
  /** Names of passes, in the order in which they run. */
  readonly after: readonly string[]
}

/** `--after`, which may be repeated. */
export function addPassOption(command: Command): Command {
  const list = passes.map(({ name, doc }) => `${name}: ${doc}`).join('; ')
  const option = new Option('--after <pass>', `run a pass over the graph first (${list}); may be repeated`)
    .choices(passes.map(({ name }) => name))
    .argParser((name: string, before: readonly string[]) => [...before, parsePass(name)])
  return command.addOption(option).setOptionValueWithSource(option.attributeName(), [], 'default')
}

function parsePass(name: string): string {
  if (passNamed(name) !== undefined) return name
  throw new InvalidArgumentError(`Allowed choices are ${passes.map((pass) => pass.name).join(', ')}.`)
}

/** What every command that needs weights takes. */
export function addWeightOptions(command: Command): Command {
  return command
    .option(
      '--weights <file>',
      'a .safetensors file under the official names, or an index of shards; without it, weights are random',
    )
    .option('--names <file>', "a map from official names, instead of the network's own")
    .option('--inplace-abn', 'read the weights as a checkpoint of InPlaceABN: scale = |weight| + eps')
    .option('--seed <n>', 'the seed of random weights', parseInteger(0, 2 ** 32 - 1), 0)
}

const collect = (value: string, previous: readonly string[]): string[] => [...previous, value]

export function parseSize(text: string): readonly number[] {
  if (!/^\d{1,7}x\d{1,7}x\d{1,7}$/.test(text))
    throw new InvalidArgumentError('Write channels, height and width: 3x192x256.')
  return text.split('x').map(Number)
}

/** A whole number from `low` to `high`. */
export const parseInteger =
  (low: number, high: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`A whole number from ${low} to ${high} is wanted.`)
  }

/** A part of a whole, from a hundredth to all. */
export function parsePart(text: string): number {
  const value = /^\d{0,4}(\.\d{1,15})?$/.test(text) && text !== '' ? Number(text) : NaN
  if (value >= 0.01 && value <= 1) return value
  throw new InvalidArgumentError('A number from 0.01 to 1 is wanted, e.g. 0.875.')
}

/** `a,b,c`, without empty parts. */
export function parseList(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.includes('')) throw new InvalidArgumentError('Write names with commas between.')
  return parts
}

/** One number for each channel, or one for all: `0.485,0.456,0.406`. */
export function parseNumbers(text: string): readonly number[] {
  const numbers = parseList(text).map(Number)
  if (numbers.every(Number.isFinite)) return numbers
  throw new InvalidArgumentError('Write numbers with commas between.')
}
