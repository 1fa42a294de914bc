import { entry } from '../entry.ts'
import { clipMiddle } from '../printable.ts'

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** What holds a value: a name of the text, or an expression. */
export interface Holder {
  name?: string | undefined
  form: 'value' | 'variable' | 'parameter' | 'input' | 'part' | 'expression'
  /** The block around. */
  block?: string | undefined
}

const holderText = ({ name, form }: Holder): string =>
  name === undefined ? 'this value' : form === 'input' ? `what flows into \`${name}\`` : `\`${name}\``

/** E05xx: networks, blocks, stages, slots, and the limits of elaboration. */
export const structure = {
  E0501: entry<{ name: string; nearest: string | undefined; known: readonly string[] }>({
    title: 'a slot that the block does not have',
    message: ({ name }) => `no block of this stage has a slot \`${name}\``,
    help: ({ nearest, known }) =>
      nearest !== undefined
        ? `did you mean \`${nearest}\`?`
        : known.length === 0
          ? 'the block has no slots: mark the place with `-> slot NAME`'
          : `its slots are: ${list(known)}`,
  }),
  E0502: entry<{ what: string }>({
    title: 'a stride for a block that has none',
    message: ({ what }) => `${what} has no parameter \`stride\``,
    help: ({ what }) =>
      what === 'a pipeline'
        ? 'give the stride to an operator of the pipeline, or make a block of it'
        : 'give the block a parameter `stride: int = 1` and one of its operators that stride, or drop the stride of the stage',
  }),
  E0503: entry<{ count: number }>({
    title: 'a stage that repeats nothing',
    message: ({ count }) => `a block must be repeated at least once, not ${count} times`,
  }),
  E0504: entry<{ block: string; last?: string }>({
    title: 'a block that returns nothing',
    message: ({ block }) => `block \`${block}\` ends without \`return\``,
    help: ({ last }) =>
      last === undefined ? 'end it with `return` and what it gives' : `end it with \`return ${last}\``,
  }),
  E0505: entry<{ network: string }>({
    title: 'a network without input',
    message: ({ network }) => `network \`${network}\` uses its tensor before \`input\``,
    help: () => 'begin with `input 3 x 224 x 224`',
  }),
  E0506: entry<{ statement: string; place: string }>({
    title: 'a statement in the wrong place',
    message: ({ statement, place }) => `\`${statement}\` cannot stand in ${place}`,
  }),
  E0507: entry<{ count: number; limit: number }>({
    title: 'a loop with too many turns',
    message: ({ count, limit }) => `${count} turns; a loop or list may have at most ${limit}`,
  }),
  E0508: entry<{ limit: number }>({
    title: 'too many operators',
    message: ({ limit }) => `the network has more than ${limit} operators`,
    help: () => 'look for a loop or a stage that repeats more than was meant',
  }),
  E0509: entry<{ limit: number }>({
    title: 'elaboration takes too long',
    message: ({ limit }) => `more than ${limit} steps of compile-time evaluation`,
    help: () => 'look for nested loops that repeat more than was meant',
  }),
  E0510: entry<{ limit: number }>({
    title: 'blocks nested too deeply',
    message: ({ limit }) => `more than ${limit} blocks are nested in each other`,
  }),
  E0511: entry<{ name: string }>({
    title: 'two operators with one name',
    message: ({ name }) => `the name \`${name}\` is taken by another operator or block of this block`,
    help: () => 'names given by `as` must differ within a block',
  }),
  E0512: entry<{ what: string; wanted: string }>({
    title: 'not a tensor',
    message: ({ what, wanted }) => `${wanted} must be a tensor, this is ${what}`,
    help: ({ what }) =>
      what.startsWith('an operator') || what.startsWith('a block')
        ? 'it still waits for its input: write `x -> ...`'
        : undefined,
  }),
  E0514: entry<{ value: string }>({
    title: 'an input size that is no size',
    message: ({ value }) => `the input must be channels x height x width, each 1 to 65536; this is ${value}`,
  }),
  E0515: entry<{ name: string }>({
    title: 'a network where a block is wanted',
    message: ({ name }) => `\`${name}\` is a network; it cannot be used inside another`,
    help: () => 'turn what both share into a block',
  }),
  E0516: entry<{ network: string }>({
    title: 'a network without operators',
    message: ({ network }) => `network \`${network}\` computes nothing`,
    help: () => 'add `stem = ...`, a `stage` or `head = ...`',
  }),
  E0518: entry<{ name: string; network: string; nearest: string | undefined; known: readonly string[] }>({
    title: 'a module placed in a stage that does not exist',
    message: ({ name, network }) => `network \`${network}\` has no stage \`${name}\``,
    help: ({ nearest, known }) =>
      nearest !== undefined ? `did you mean \`${nearest}\`?` : `its stages are: ${list(known)}`,
  }),
  E0519: entry<{ name: string; network: string }>({
    title: 'a module to take out that no stage has',
    message: ({ name, network }) => `no stage of network \`${network}\` places \`${name}\` in a slot`,
  }),
  E0520: entry<{ network: string; missing: readonly string[] }>({
    title: 'a network that was not built',
    severity: 'warning',
    message: ({ network, missing }) =>
      `\`${network}\` was checked by its names only: it needs ${missing.map((name) => `\`${name}\``).join(' and ')}`,
    help: ({ network, missing }) =>
      `give defaults, add a variant, or check it with ${[`\`--network ${network}`, ...missing.map((name) => `--set ${name}=...`)].join(' ')}\``,
  }),
  E0521: entry<{
    setting: string
    block: string
    network: string
    nearest: string | undefined
    known: readonly string[]
  }>({
    title: 'an argument for a block that the network does not have',
    message: ({ setting, block, network }) =>
      `\`${setting}\` is for calls of \`${block}\`, and network \`${network}\` has none there`,
    help: ({ nearest, block, known }) =>
      nearest !== undefined && nearest !== block
        ? `did you mean \`${nearest}\`?`
        : known.length === 0
          ? 'it calls operators only'
          : `its blocks are: ${list(known)}`,
  }),
  E0540: entry<{ name: string; what: 'operator' | 'function' | 'block' }>({
    title: 'a variant of something that is no network',
    message: ({ name, what }) =>
      `a variant varies a network, and \`${name}\` is ${what === 'operator' ? 'an' : 'a'} ${what}`,
    help: ({ name, what }) =>
      what === 'function'
        ? 'give the arguments of a network: `network NAME = OTHER_NETWORK(...)`'
        : `to make a network of it, write \`network NAME() { input 3 x 224 x 224 ... stem = ${name}(...) }\``,
  }),
  E0517: entry<{ limit: number }>({
    title: 'too many declarations',
    message: ({ limit }) => `a program may declare at most ${limit} blocks and networks`,
  }),
  E0525: entry<
    Holder & {
      repair: 'join' | 'stage' | 'head' | 'use'
      /** Whether it is an operator or a block that no tensor flows into. */
      waits?: true
      /** A call of `concat` that may have forgotten the value, and its line. */
      concat?: string
      line?: number
    }
  >({
    title: 'a value that nothing uses',
    severity: 'warning',
    message: (facts) =>
      facts.form === 'input'
        ? `block \`${facts.name}\` never uses what flows into it, which is left out`
        : facts.form === 'parameter'
          ? `block \`${facts.block}\` never uses \`${facts.name}\`: what is computed for it is left out`
          : facts.waits === true
            ? `\`${facts.name}\` is never used: nothing flows into it, and it does nothing`
            : `\`${facts.name}\` is computed and never used: it is left out`,
    help: ({ name, form, repair, concat, line }) => {
      if (repair === 'join')
        return `is it a branch that \`${clipMiddle(concat ?? '', 60)}\` in line ${line} forgot? Add it there, or remove \`${name}\``
      if (repair === 'stage')
        return `\`x\` goes on without it: write \`stage ${name} = ...\` if the network is to go through it; else use it or remove it`
      if (repair === 'head')
        return `the network's result is \`x\`: write \`head = ...\`, or \`return ${name}\`; else remove it`
      if (form === 'part') return `\`return\` hands out something else: use \`${name}\` or remove it`
      return form === 'input' || form === 'parameter'
        ? 'use it, or change the block and its calls'
        : `use it or remove it; a name that begins with \`_\` says that it is not needed`
    },
  }),
  E0526: entry<Holder>({
    title: 'a value of which only the size is used',
    severity: 'warning',
    message: (facts) => `only the size of ${holderText(facts)} is used: its work is left out`,
    help: () => 'work the size out from numbers; or use the value itself, if it was forgotten',
  }),
  E0527: entry<Holder & { items: readonly number[]; count: number }>({
    title: 'a list of which only some tensors are used',
    severity: 'warning',
    message: ({ items, count, ...holder }) =>
      `of the ${count} tensors of ${holderText(holder)} only ${items.map((item) => `number ${item}`).join(' and ')} ` +
      `${items.length === 1 ? 'is' : 'are'} used: the work of others is left out`,
    help: () => 'use the others too, or do not compute them',
  }),
  E0551: entry<{ limit: number }>({
    title: 'program too large',
    message: ({ limit }) => `with this file the program has more than ${limit} characters`,
    help: () => 'import less: a program is a file with all that it imports, directly or through other files',
  }),
  E0550: entry<{ limit: number }>({
    title: 'evaluation nested too deeply',
    message: ({ limit }) => `more than ${limit} evaluations lie within one another`,
    help: () => 'give names to the parts of a long expression, or let blocks call fewer others in turn',
  }),
  E0552: entry<{ name: string; limit: number }>({
    title: 'too many variants of variants',
    message: ({ name, limit }) => `\`${name}\` is a variant of a variant, more than ${limit} times over`,
    help: () => 'make it a variant of the network itself, with all the arguments that differ',
  }),
} as const
