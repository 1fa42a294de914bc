import type { Random } from '../random.ts'
import { activations } from './values.ts'

/**
 * What a block does to the shape of a map: it keeps it; or it makes a map of `channels` channels, and with `stride` of
 * a side over the stride, rounded up; or it adds `growth` channels.
 */
export type Effect = 'keep' | 'to' | 'grow'

export interface Block {
  readonly name: string
  readonly effect: Effect
  /** Those in which a stage can put a module. */
  readonly slots: readonly string[]
  /** Arguments besides channels, stride and growth, which may be given. */
  readonly optional: readonly string[]
  /** Operators of one call, about, so that networks stay small. */
  readonly weight: number
}

export interface WrittenBlock extends Block {
  readonly text: string
  /** What it imports. */
  readonly uses: readonly Block[]
}

/** Blocks of the library that take any map of an even number of channels, with the file that has them. */
export const libraryBlocks: readonly (Block & { readonly from: string })[] = [
  library(
    'std/attention',
    'se',
    'keep',
    [],
    ['reduction: 4', 'act: silu', 'minimum: 2', 'gate: hard_sigmoid'],
  ),
  library('std/attention', 'eca', 'keep', [], ['gamma: 2', 'beta: 1.5']),
  library('std/resnet', 'basic', 'to', ['spatial', 'residual'], ['shortcut: pooled_projection_of']),
  library('std/layers', 'conv_norm', 'to', [], ['act: gelu', 'kernel: 3']),
  library('std/mbconv', 'mbconv', 'to8', ['spatial', 'residual'], ['expansion: 2', 'act: silu', 'drop: 0.1']),
  library('std/repvgg', 'repvgg_unit', 'to', ['residual'], []),
  library('std/fasternet', 'fasternet_block', 'keep4', ['spatial', 'residual'], ['drop: 0.2', 'act: gelu']),
].map((block) => ({ ...block, optional: block.optional.filter((one) => !one.endsWith('_of')) }))

function library(
  from: string,
  name: string,
  effect: Effect | 'to8' | 'keep4',
  slots: readonly string[],
  optional: readonly string[],
): Block & { readonly from: string } {
  const kind: Effect = effect === 'to8' ? 'to' : effect === 'keep4' ? 'keep' : effect
  return { from, name, effect: kind, slots, optional, weight: 10 }
}

interface Parameter {
  readonly text: string
  /** As arguments may give it. */
  readonly other: string
}

/** Any block of the three effects, whose body uses other blocks, loops, conditions, lists and slots. */
export function writeBlock(random: Random, name: string, others: readonly Block[]): WrittenBlock {
  const effect = random.pick<Effect>(['keep', 'keep', 'to', 'to', 'grow'])
  return new BlockWriter(random, name, effect, others).write()
}

const odd = ['1', '3', '5']

class BlockWriter {
  private readonly parameters: Parameter[] = []
  private readonly lines: string[] = []
  private readonly slots: string[] = []
  private readonly used: Block[] = []
  private weight = 0
  private count = 0

  constructor(
    private readonly random: Random,
    private readonly name: string,
    private readonly effect: Effect,
    private readonly others: readonly Block[],
  ) {}

  write(): WrittenBlock {
    const { random, effect, name } = this
    const leading = { keep: [], to: ['channels: int', 'stride: int = 1'], grow: ['growth: int'] }[effect]
    const channels = { keep: 'x.channels', to: 'channels', grow: 'growth' }[effect]
    this.lines.push(`main = ${this.opening(channels)}`)
    for (let left = random.int(0, 3); left > 0; left--) this.statement(channels)
    this.lines.push(...this.ending(channels))
    const doc = random.chance(0.3)
      ? `/// ${random.pick(['A unit.', 'Slots: none; see `unit`.', '<b>&'])}\n`
      : ''
    const head = [...leading, ...random.shuffled(this.parameters.map(({ text }) => text))]
    const body = this.lines.map((line) => `  ${line}\n`).join('')
    return {
      name,
      effect,
      slots: this.slots,
      optional: this.parameters.map(({ other }) => other),
      weight: this.weight + 4,
      uses: this.used,
      text: `${doc}block ${name}(${head.join(', ')}) {\n${body}}\n`,
    }
  }

  /** A parameter of the block, new or one of before. */
  private parameter(type: string, value: string, other: string): string {
    const name = `${this.random.pick(['p', 'arg', 'the_'])}${this.count++}`
    this.parameters.push({ text: `${name}: ${type} = ${value}`, other: `${name}: ${other}` })
    return name
  }

  private opening(channels: string): string {
    const stride = this.effect === 'to' ? ', stride' : ''
    const kernel = this.random.chance(0.5) ? this.random.pick(odd) : this.parameter('int', '3', '5')
    const tail = this.tail(channels)
    // A lone operator would be a value that waits for its input.
    const start = this.random.pick(['x -> ', '(x) -> ', tail === '' ? 'x -> ' : ''])
    return `${start}conv(${channels}, ${kernel}${stride})${tail}`
  }

  /** Steps that keep the shape of a map of these channels. */
  private tail(channels: string): string {
    const { random } = this
    let text = ''
    for (let left = random.int(0, 3); left > 0; left--) {
      this.weight += 1
      text += ` -> ${this.keeping(channels)}`
      if (random.chance(0.08)) text += ` as step${this.count++}`
    }
    if (random.chance(0.25)) {
      const slot = random.pick(['spatial', 'residual', 'attention'])
      if (!this.slots.includes(slot)) {
        this.slots.push(slot)
        text += ` -> slot ${slot}`
      }
    }
    return text
  }

  private keeping(channels: string): string {
    const { random } = this
    const fitting = this.others.filter(({ effect, weight }) => effect === 'keep' && weight < 60)
    if (fitting.length > 0 && random.chance(0.15)) {
      const block = random.pick(fitting)
      this.used.push(block)
      this.weight += block.weight
      return block.name
    }
    return random.pick([
      () => 'batch_norm',
      () => random.pick(activations),
      () => this.parameter('activation', random.pick(activations), random.pick(activations)),
      () => this.parameter('block', random.pick(['none', 'batch_norm', 'layer_norm']), 'abn'),
      () => `conv(${channels}, ${this.parameter('int', random.pick(odd), '1')})`,
      () => `depthwise_conv(${random.pick(odd)})`,
      () => `scale(${this.parameter('float', '1e-6', '0.5')})`,
      () => `dropout(${this.parameter('float', '0.1', '0.3')})`,
      () => `abn(${random.pick(activations)})`,
      () => `conv(${channels}, 3, padding: ${this.parameter('string', '"same"', '"same_tf"')})`,
      () => 'layer_norm(1e-5)',
      () => 'drop_path(0.1)',
    ])()
  }

  private statement(channels: string): void {
    const { random, lines } = this
    const main = 'main'
    random.pick([
      () => lines.push(`main = main${this.tail(channels)}`),
      () =>
        lines.push(
          `for k in 0..${this.parameter('int', '2', '1')} { main = main -> ${this.keeping(channels)} }`,
        ),
      () => lines.push(`if ${this.parameter('bool', 'true', 'false')} { main = main${this.tail(channels)} }`),
      () =>
        lines.push(
          `if main.channels > 4 and not (main.height == 1) { main = main -> relu } else if main.width >= 2 { main = main -> gelu } else { main = main -> silu }`,
        ),
      () => {
        const kernels = this.parameter('int[]', '[1, 3]', '[3, 3, 5]')
        lines.push(
          `parts = [for kernel in ${kernels}: main -> conv(${channels}, kernel)]`,
          'main = add(parts)',
        )
      },
      () =>
        lines.push(
          `if ${channels} % 2 == 0 {`,
          '  left, right = main -> split(2)',
          `  main = concat(right${this.random.chance(0.5) ? ' -> relu' : ''}, left) -> channel_shuffle(2)`,
          '}',
        ),
      () =>
        lines.push(
          `gate = ${main} -> global_avg_pool -> conv(${channels}, 1) -> ${random.pick(['sigmoid', 'hard_sigmoid', 'softmax'])}`,
          random.pick(['main = main * gate', 'main = mul(main, gate)', 'main = gate -> mul(main)']),
        ),
      () => lines.push(`assert main.channels == ${channels}, "the channels are kept"`),
      () =>
        lines.push(
          `wide = ${channels} * ${this.parameter('int', '2', '1')}`,
          `main = main -> conv(wide, 1) -> relu -> conv(${channels}, 1, bias: false)`,
        ),
      () =>
        lines.push(
          `unit = conv(kernel: 3)`,
          `done = [main]`,
          `for k in 0..2 { done = done + [done[k] -> unit(channels: ${channels})] }`,
          `main = done[len(done) - 1]`,
        ),
      () => lines.push(`main = main + (main${this.tail(channels) || ' -> relu'})`),
      () => lines.push(`# ${random.pick(['a comment', 'ümlaut → and 漢字', '"unclosed in a comment'])}`),
    ])()
    this.weight += 6
  }

  private ending(channels: string): string[] {
    const { random } = this
    const act = random.pick(activations)
    if (this.effect === 'grow')
      return [random.pick(['return concat(x, main)', 'return x -> concat(main)', 'return concat([x, main])'])]
    if (this.effect === 'keep')
      return random.pick([
        ['return main'],
        [`return x + main -> ${act}`],
        [`sum = add(x, main) -> ${act}`, 'return sum'],
        [`if x.channels == ${channels} { return x + main }`, 'return main'],
      ])
    return random.pick([
      ['return main'],
      [
        'skip = if stride == 1 and x.channels == channels { x } else { x -> conv(channels, 1, stride) -> batch_norm }',
        `return main + skip -> ${act}`,
      ],
      [`return main -> ${act}`],
    ])
  }
}
