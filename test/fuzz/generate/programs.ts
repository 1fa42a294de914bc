import type { Random } from '../random.ts'
import { libraryBlocks, writeBlock, type Block, type WrittenBlock } from './blocks.ts'
import { Steps, type Shape } from './steps.ts'
import { activations, boolText, floatText, intText, type Known } from './values.ts'

/** Sources by path; `main.arch` is the one that is compiled. */
export type Files = Readonly<Record<string, string>>

/** What a network was written with, so that options can be made which fit it. */
export interface Written {
  readonly files: Files
  /** `name=value` of parameters that may be set. */
  readonly settings: readonly string[]
  /** `STAGE: MODULE at SLOT` of slots that there are. */
  readonly placements: readonly string[]
}

/**
 * A program that the compiler should accept: all forms of the language, all operators, small maps. The network has about
 * `operators`. Few by default, and now and then many: mistakes in a small program meet the same code in less time.
 */
export function writeProgram(random: Random, operators = usualSize(random)): Written {
  return new ProgramWriter(random, operators).write()
}

const usualSize = (random: Random): number => random.skewed(1, random.chance(0.02) ? 150 : 8)

const nouns = ['stem', 'unit', 'cell', 'ghost', 'b', 'fuse', 'mixer', 'x1', 'layer_', 'Down']

interface Parameter {
  readonly name: string
  readonly text: string
  /** Another value that keeps the program sound. */
  readonly other: string | undefined
}

class ProgramWriter {
  private readonly imports = new Map<string, Set<string>>()
  private readonly blocks: WrittenBlock[] = []
  private readonly parameters: Parameter[] = []
  private readonly known: {
    ints: Map<string, number>
    floats: Map<string, number>
    bools: Map<string, boolean>
  }
  private readonly steps: Steps
  private readonly lines: string[] = []
  private readonly placements: string[] = []
  private shape: Shape = []
  private weight = 0
  private count = 0
  private readonly isSmall: boolean

  constructor(
    private readonly random: Random,
    /** Operators that the network should have, about. */
    private readonly budget: number,
  ) {
    this.isSmall = budget <= 8
    this.known = { ints: new Map(), floats: new Map(), bools: new Map() }
    this.steps = new Steps(random, this.known)
  }

  write(): Written {
    const { random } = this
    const apart = random.chance(0.25) ? `./${random.pick(['parts', 'lib/blocks', 'unit'])}` : undefined
    const count = this.isSmall ? (random.chance(0.3) ? 1 : 0) : random.int(0, 3)
    for (let made = 0; made < count; made++) {
      const others: readonly Block[] = this.blocks
      this.blocks.push(writeBlock(random, `${random.pick(nouns)}_${made}`, others))
    }
    this.network()
    const own = this.blocks.map(({ text }) => text)
    if (apart !== undefined && own.length > 0)
      this.imports.set(apart, new Set(this.blocks.map(({ name }) => name)))
    const main = [this.importText(), ...this.declarations(apart === undefined ? own : [])].join('\n')
    const path = `${(apart ?? '').replace('./', '')}.arch`
    return {
      files: {
        'main.arch': main,
        ...(apart === undefined || own.length === 0 ? {} : { [path]: own.join('\n') }),
      },
      settings: this.parameters.flatMap(({ name, other }) =>
        other === undefined ? [] : [`${name}=${other}`],
      ),
      placements: this.placements,
    }
  }

  private importText(): string {
    return [...this.imports]
      .map(([from, names]) => `import { ${[...names].join(', ')} } from "${from}"\n`)
      .join('')
  }

  private declarations(blocks: readonly string[]): string[] {
    const { random } = this
    const name = `net_${random.int(0, 9)}`
    const parameters = this.parameters.map(({ text }) => text).join(', ')
    const body = this.lines.map((line) => `  ${line}\n`).join('')
    const doc = random.chance(0.1) ? '/// A network of the fuzzer.\n/// Two lines.\n' : ''
    const variants = Array.from(
      { length: random.chance(this.isSmall ? 0.1 : 0.4) ? random.int(1, 2) : 0 },
      (_, index) => {
        const given = this.parameters.flatMap(({ name: parameter, other }) =>
          other !== undefined && random.chance(0.5) ? [`${parameter}: ${other}`] : [],
        )
        const base = index === 0 || random.chance(0.5) ? name : `${name}_v0`
        return `network ${name}_v${index} = ${base}(${given.join(', ')})\n`
      },
    )
    return random.shuffled([...blocks, `${doc}network ${name}(${parameters}) {\n${body}}\n`, ...variants])
  }

  private int = (value: number): string => intText(this.random, value, this.known)

  private network(): void {
    const { random, lines } = this
    this.openParameters()
    this.shape = [random.pick([1, 3, 3, 4, 8, 12, 16]), random.int(4, 40), random.int(4, 40)]
    if (random.chance(0.05)) this.bindings()
    lines.push(`input ${this.shape.map((size) => this.inputSize(size)).join(' x ')}`)
    if (random.chance(0.1)) lines.push(this.metadata(this.shape[0] ?? 1))
    if (random.chance(0.15)) this.bindings()
    if (random.chance(0.7)) lines.push(`stem = ${this.pipeline(random.int(1, this.isSmall ? 2 : 4))}`)
    for (let left = random.int(0, 4); left > 0 && this.weight < this.budget; left--) this.part()
    if (this.weight === 0 || random.chance(0.7)) {
      const { text, shape } = this.steps.head(this.shape)
      lines.push(`head = ${text}`)
      this.shape = shape
    }
    if (random.chance(0.1)) lines.push('return x')
  }

  /** A size stands alone, or is a name or in brackets: `3 x 32 x 32` has its own words. */
  private inputSize(size: number): string {
    const text = this.int(size)
    return /^\w+$/.test(text) ? text : `(${text})`
  }

  private openParameters(): void {
    const { random, known } = this
    const add = (text: string, name: string, other?: string): void => {
      this.parameters.push({ name, text, other })
    }
    for (let left = random.pick(this.isSmall ? [0, 0, 0, 1] : [0, 0, 1, 2, 4]); left > 0; left--) {
      const name = `${random.pick(['width', 'depth', 'rate', 'c', 'flag'])}_${this.count++}`
      const [int, float, bool] = [
        random.pick([1, 2, 3, 4, 8, 16]),
        random.pick([0.1, 0.25, 1.5]),
        random.chance(0.5),
      ]
      random.pick([
        () => {
          known.ints.set(name, int)
          add(`${name}: int = ${int}`, name)
        },
        () => {
          known.floats.set(name, float)
          add(`${name}: float = ${float}`, name, '0.3')
        },
        () => {
          known.bools.set(name, bool)
          add(`${name}: bool = ${bool}`, name)
        },
        () => add(`${name}: string = "same"`, name, '"same_tf"'),
        () => add(`${name}: activation = ${random.pick(activations)}`, name, random.pick(activations)),
        () => add(`${name}: block = none`, name, 'batch_norm'),
        () => add(`${name}: int[] = [2, 1]`, name, '[1, 2, 3]'),
        () => add(`${name}: float[][] = [[0.1], [0.2, 3]]`, name, '[]'),
      ])()
    }
  }

  private bindings(): void {
    const { random, known, lines } = this
    for (let left = this.isSmall ? 1 : random.int(1, 3); left > 0; left--) {
      const name = `${random.pick(['v', 'wide', 'k_'])}${this.count++}`
      random.pick([
        () => {
          const value = random.int(1, 32)
          lines.push(`${name} = ${this.int(value)}`)
          known.ints.set(name, value)
        },
        () => {
          const value = random.chance(0.5)
          lines.push(`${name} = ${boolText(random, value, known)}`)
          known.bools.set(name, value)
        },
        () => {
          lines.push(`${name} = ${floatText(random, 0.25, known)}`)
          known.floats.set(name, 0.25)
        },
        () => {
          lines.push(`${name}, ${name}b = [${this.int(4)}, ${this.int(6)}]`)
          known.ints.set(name, 4)
          known.ints.set(`${name}b`, 6)
        },
        () => {
          const value = random.int(0, 5)
          lines.push(`${name} = 0`, `for k in 0..${value} { ${name} = ${name} + 1 }`)
          known.ints.set(name, value)
        },
        () => {
          const holds = random.chance(0.5)
          lines.push(
            `if ${boolText(random, holds, known)} { ${name} = 3 } else { ${name} = 5 }`,
            `assert ${name} > 2, "it is \\"${name}\\""`,
          )
          known.ints.set(name, holds ? 3 : 5)
        },
        () => lines.push(`assert ${boolText(random, true, known as Known)}`),
        () => lines.push(`${name} = [for e in 0..${random.int(0, 4)}: [e, ${this.int(2)}]]`),
        () => lines.push(`${name} = "${random.pick(['same', 'nearest', 'é', '\\\\ \\n'])}"`),
      ])()
    }
  }

  private metadata(channels: number): string {
    const { random } = this
    const per = (value: string): string => `[${Array(channels).fill(value).join(', ')}]`
    const all = [
      `mean: ${per('0.5')}`,
      `std: ${per('0.25')}`,
      `resize: ${this.int(64)}`,
      `interpolation: ${random.pick(['"bilinear"', '"bicubic"'])}`,
      'paper: "Nobody, 2020"',
      `conv_init: ${random.pick(['"kaiming_normal"', '"uniform"', '"normal"', '"truncated_normal"'])}`,
      'linear_init: "normal"',
      'linear_std: 0.02',
    ]
    return `metadata(${random.shuffled(all).slice(0, random.int(1, 4)).join(', ')})`
  }

  /** A pipeline of any operators from the running shape, which it changes. */
  private pipeline(steps: number, named = 0.05): string {
    const texts: string[] = []
    for (let left = steps; left > 0; left--) {
      const { text, shape } = this.steps.any(this.shape)
      texts.push(
        this.random.chance(named) && !text.includes('->') && text !== 'none'
          ? `${text} as s${this.count++}`
          : text,
      )
      this.shape = shape
      this.weight++
    }
    return texts.join(this.random.chance(0.1) ? '\n       -> ' : ' -> ')
  }

  private part(): void {
    const { random } = this
    const forms = [this.stage, this.stage, this.stage, this.transition, this.side]
    if (this.shape.length === 3) forms.push(this.branches)
    random.pick(forms)()
  }

  private stageName = (): string => `${this.random.pick(['stage', 'layer', 'merge'])}${this.count++}`

  private readonly transition = (): void => {
    this.lines.push(`stage ${this.stageName()} = ${this.pipeline(this.random.int(1, 3), 0)}`)
  }

  /** A named value beside the parts that some part then uses. */
  private readonly side = (): void => {
    const before = this.shape
    const name = `side${this.count++}`
    const [first, second] = [this.steps.keep(before), this.steps.keep(before)]
    const join = this.random.pick(['x + ', 'x * '])
    this.lines.push(`${name} = x -> ${first} -> ${second}`)
    this.lines.push(`stage ${this.stageName()} = (${join}${name}) -> ${this.steps.keep(before)}`)
    this.weight += 4
  }

  /** Several tensors that flow, and join again. */
  private readonly branches = (): void => {
    const { random, lines } = this
    const [channels = 1, height = 1, width = 1] = this.shape
    const made = random.int(1, 12)
    const name = `pieces${this.count++}`
    if (channels >= 2 && random.chance(0.6)) {
      const first = random.int(1, channels - 1)
      const cut =
        channels % 2 === 0 && random.chance(0.4)
          ? '2'
          : `sizes: [${this.int(first)}, ${this.int(channels - first)}]`
      lines.push(`${name} = x -> split(${cut})`)
    } else lines.push(`${name} = [x -> relu, x]`)
    lines.push(
      `stage ${this.stageName()} = [for piece in ${name}: piece -> conv(${this.int(made)}, 3)] -> ${random.pick(['concat', 'add'])}`,
    )
    const isConcat = lines[lines.length - 1]?.endsWith('concat') ?? false
    this.shape = [isConcat ? 2 * made : made, height, width]
    this.weight += 5
  }

  private readonly stage = (): void => {
    const { random } = this
    if (this.shape.length !== 3) return this.transition()
    const name = this.stageName()
    const lines = Array.from({ length: this.isSmall ? 1 : random.pick([1, 1, 1, 2, 3]) }, () =>
      this.stageLine(name),
    )
    const [first = ''] = lines
    this.lines.push(
      lines.length === 1 ? `stage ${name} = ${first}` : `stage ${name} {\n    ${lines.join('\n    ')}\n  }`,
    )
  }

  private stageLine(stage: string): string {
    const { random } = this
    const block = random.chance(0.5) && this.blocks.length > 0 ? random.pick(this.blocks) : this.fromLibrary()
    if (block === undefined) {
      const keep = this.steps.keep(this.shape)
      this.weight += 2
      return `${keep}${random.chance(0.5) && keep !== 'none' ? ' x 2' : ''}`
    }
    const [channels = 1, height = 1, width = 1] = this.shape
    const count = block.weight > 40 ? 1 : random.pick([1, 1, 2, 3])
    const stride = block.effect === 'to' && random.chance(0.5) ? 2 : 1
    const made = random.pick([4, 8, 12, 16, 24])
    const growth = random.int(1, 6)
    if (block.effect === 'to') this.shape = [made, Math.ceil(height / stride), Math.ceil(width / stride)]
    if (block.effect === 'grow') this.shape = [channels + growth * count, height, width]
    this.weight += block.weight * count
    const leading = { keep: [], to: [this.int(made)], grow: [`growth: ${this.int(growth)}`] }[block.effect]
    const given = [...leading, ...random.shuffled(block.optional).slice(0, random.pick([0, 0, 1, 2]))]
    const call = given.length === 0 && random.chance(0.5) ? block.name : `${block.name}(${given.join(', ')})`
    const times = count === 1 ? '' : ` x ${this.int(count)}`
    const strides = stride === 1 ? '' : ` stride ${this.int(2)}`
    return `${call}${times}${strides}${this.withs(stage, block)}`
  }

  private withs(stage: string, { slots }: Block): string {
    const { random } = this
    if (slots.length === 0) return ''
    const slot = random.pick(slots)
    this.placements.push(`${stage}: relu at ${slot}`)
    if (random.chance(0.5)) return ''
    const module = random.pick([
      'relu',
      'batch_norm',
      'conv(x.channels, 3)',
      'se(reduction: 4)',
      'scale',
      'none',
      'eca',
    ])
    // In these arguments `x` is what enters the repetition, whose channels the slot need not have.
    const safe = module.startsWith('conv') ? 'depthwise_conv(3)' : module
    if (/^(se|eca)/.test(safe)) this.import('std/attention', safe.replace(/\(.*/, ''))
    const condition = random.pick(['', ' if i % 2 == 0', ' if i < n - 1', ' if x.channels > 0'])
    return ` with ${safe} at ${slot}${condition}`
  }

  private fromLibrary(): Block | undefined {
    const { random } = this
    const [channels = 1] = this.shape
    // Units of the library divide the channels by what they are made for.
    const fitting = libraryBlocks.filter(({ name }) => name !== 'fasternet_block' || channels >= 4)
    // A unit of the library is ten operators, whatever it is used for.
    if (random.chance(this.isSmall ? 0.7 : 0.15)) return undefined
    const block = random.pick(fitting)
    this.import(block.from, block.name)
    return block
  }

  private import(from: string, name: string): void {
    const names = this.imports.get(from) ?? new Set()
    this.imports.set(from, names.add(name))
  }
}
