import { readFileSync } from 'node:fs'

/** Something that one adds to the project, with every change that has to be made by hand. */
export interface Addition {
  /** As the table "What one touches" calls it. */
  readonly what: string
  /** Most files that may have to be changed or made. */
  readonly most: number
  readonly edits: readonly Edit[]
}

/** A change of one file: text before a place that occurs once in it, or a new file. */
export type Edit =
  | { readonly file: string; readonly before: string; readonly text: string }
  | { readonly file: string; readonly text: string }

/** The text of a file after its changes. Throws where a place is not there, or there twice: then the addition is out of date. */
export function edited(read: (file: string) => string, edits: readonly Edit[]): string {
  return edits.reduce((text, edit) => {
    if (!('before' in edit)) return edit.text
    const source = text === '' ? read(edit.file) : text
    const places = source.split(edit.before).length - 1
    if (places !== 1) throw new Error(`${edit.file} has ${places} places that begin with ${edit.before}`)
    return source.replace(edit.before, () => edit.text + edit.before)
  }, '')
}

/** Every file of an addition, by name, as it is afterwards. */
export function filesOf({ edits }: Addition, root: URL): ReadonlyMap<string, string> {
  const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
  const names = new Set(edits.map(({ file }) => file))
  return new Map(
    [...names].map((name) => [
      name,
      edited(
        read,
        edits.filter(({ file }) => file === name),
      ),
    ]),
  )
}

const activation: Addition = {
  what: 'an activation',
  most: 2,
  edits: [
    {
      file: 'src/ir/ops/activations.ts',
      before: '  tanh: {\n',
      text: `  softsign_like: {
    doc: 'x times a sigmoid, again.',
    value: mul('x', sigmoid('x')),
    gradient: mul(mul('g', s), add(1, mul('x', sub(1, s)))),
    runsInPlace: false,
    torch: 'SiLU',
    counted: { ptflops: 0, calflops: 0 },
  },
`,
    },
    {
      file: 'test/ir/ops/costs/pointwise.ts',
      before: '  tanh: { forward',
      text: '  softsign_like: { forward: 4 + 1, backward: 4 + 5, saves: input },\n',
    },
  ],
}

const operator: Addition = {
  what: 'an operator',
  most: 6,
  edits: [
    {
      file: 'src/ir/ops/rearrangements.ts',
      before: '/** The operators of this file by name',
      text: `const mirror = operator({
  name: 'mirror',
  doc: 'Turns a map upside down.',
  takes: 'map',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: 'the shape of its input',
    examples: { mirror: ['64 x 56 x 56', 'x -> mirror'] },
  },
  attributes: {},
  spellings: [
    spelling({ name: 'mirror', doc: 'Turns a map upside down.', arguments: {}, attributes: () => ({}) }),
  ],
  infer: (_, inputs) => inputs,
  cost: (_, inputs, outputs) => movement(inputs, outputs),
})

`,
    },
    {
      file: 'src/ir/ops/rearrangements.ts',
      before: '  channel_shuffle: channelShuffle,',
      text: '  mirror,\n',
    },
    {
      file: 'src/backends/tfjs/operators/rearrangements.ts',
      before: '  channel_shuffle: channelShuffle,',
      text: '  mirror: (() => (inputs) => reverse(first(inputs), 1)) satisfies StepBuilder,\n',
    },
    {
      file: 'src/backends/tfjs/operators/rearrangements.ts',
      before: '  slice as tfSlice,',
      text: '  reverse,\n',
    },
    {
      file: 'src/backends/reference/oracles.ts',
      before: '  mul,\n  pad,',
      text: '  mirror: ({ x, output }) => build(output, (c, y, z) => at(x, c, output.shape[1]! - 1 - y, z)),\n',
    },
    {
      file: 'test/backends/op-cases.ts',
      before: '  pad: [\n',
      text: '  mirror: [{ attributes: {}, inputs: [map] }],\n',
    },
    {
      file: 'test/ir/ops/costs/movements.ts',
      before: "  { title: 'space_to_depth'",
      text: "  { title: 'mirror', use: ['mirror', {}, map], ...moved },\n",
    },
    {
      file: 'tools/reference/torch_operators.py',
      before: '    yield Case("flatten"',
      text: '    yield Case("mirror", {}, [[4, 6, 8]], Call(lambda x: x.flip(2)))\n',
    },
  ],
}

const convention: Addition = {
  what: 'a counting convention',
  most: 2,
  edits: [
    {
      file: 'src/analysis/conventions/another.ts',
      text: `import { macs, type Convention } from './convention.ts'
import { archc } from './archc.ts'

/** Counts two for each multiply-accumulate of a convolution. */
export const another: Convention = {
  name: 'another',
  title: 'another counter',
  calls: 'FLOPs',
  mac: 2,
  doc: 'two a multiply-accumulate of convolutions',
  source: 'nowhere',
  rules: { ...archc.rules, conv: macs(2) },
}
`,
    },
    {
      file: 'src/analysis/conventions/index.ts',
      before: "import { archc } from './archc.ts'",
      text: "import { another } from './another.ts'\n",
    },
    { file: 'src/analysis/conventions/index.ts', before: '  fvcore,\n  fvcoreFused,', text: '  another,\n' },
  ],
}

const measure: Addition = {
  what: 'a measure',
  most: 1,
  edits: [
    {
      file: 'src/analysis/measures.ts',
      before: '  intensity: {\n',
      text: `  bytes_of_activations: {
    title: 'activations',
    heading: 'Bytes of activations an image',
    description: 'Bytes that kernels read and write of activations, for one image.',
    unit: 'B',
    per: 'image',
    better: 'less',
    ofPart: ({ bytes_read, bytes_written }) => bytes_read + bytes_written,
    compare: true,
    sweep: true,
    budget: { flags: '--max-activations <n>', help: 'fail where an image moves more', unit: 'B an image' },
  },
`,
    },
  ],
}

const command: Addition = {
  what: 'a command',
  most: 2,
  edits: [
    {
      file: 'src/cli/commands/engines.ts',
      text: `import type { Command } from 'commander'
import { modelledEngines } from '../../engines/engines.ts'
import { print } from '../terminal.ts'

export default function (command: Command): void {
  command.action(() => print(Object.keys(modelledEngines).join('\\n')))
}
`,
    },
    {
      file: 'src/cli/command-list.ts',
      before: "  entry('calibrate'",
      text: "  entry('engines', 'list the engines', () => import('./commands/engines.ts')),\n",
    },
  ],
}

/** Its figures are those of a card that has a file already: what is held here is that nothing else names a device. */
const device: Addition = {
  what: 'a device',
  most: 1,
  edits: [
    {
      file: 'specs/devices/made_up.json',
      text: readFileSync(new URL('../../specs/devices/v100.json', import.meta.url), 'utf8').replace(
        '"name": "v100"',
        '"name": "made_up"',
      ),
    },
  ],
}

/** What the table "What one touches" of ARCHITECTURE.md says, as far as a test holds it to the tree. */
export const additions: readonly Addition[] = [activation, operator, convention, measure, command, device]
