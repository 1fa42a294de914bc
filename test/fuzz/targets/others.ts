import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMeasured } from '../../../src/analysis/calibration/measured.ts'
import { readDevice } from '../../../src/analysis/devices/read-device.ts'
import { readClaim } from '../../../src/analysis/reconcile/reconcile.ts'
import { parseObjectives } from '../../../src/sweep/pareto.ts'
import { parseAxes } from '../../../src/sweep/axis.ts'
import { spaceOf } from '../../../src/sweep/space.ts'
import {
  parseBytes,
  parseCount,
  parseDuration,
  parseInteger,
  parseList,
  parseNumbers,
  parseSize,
} from '../../../src/cli/options.ts'
import { createSourceFile } from '../../../src/source/source-file.ts'
import { parseExpression, parsePlacement, parseRemoval } from '../../../src/parser/parse.ts'
import { readNpy } from '../../../src/host/npy.ts'
import { readNameMap } from '../../../src/weights/name-map.ts'
import { isAnswer, judgeDiagnostics } from '../diagnosed.ts'
import { changeJson, damageText } from '../json-mutations.ts'
import { mutate } from '../mutations.ts'
import type { Random } from '../random.ts'
import type { Probe, Target } from '../target.ts'

/** What other texts from outside there are, by who reads them. */
interface OtherInput {
  readonly reader: keyof typeof readers
  readonly text: string
  readonly bytes?: Uint8Array
}

export const others: Target<OtherInput> = { name: 'others', make, run }

const textOf = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8')
const once = (read: () => string): (() => string) => {
  let text: string | undefined
  return () => (text ??= read())
}

const devices = ['rtx3090', 'a100', 'xeon_8380'].map((name) =>
  once(() => textOf(`specs/devices/${name}.json`)),
)
const nameMaps = ['resnet', 'vgg', 'tresnet'].map((name) => once(() => textOf(`specs/names/${name}.json`)))
const measured = once(() => textOf('test/reference/measured-rtx3090.csv').split('\n').slice(0, 12).join('\n'))

type Answer = (error: unknown) => boolean

interface Reader {
  readonly make: (random: Random) => string
  readonly read: (text: string, probe: Probe, answers: Answer, bytes: Uint8Array) => unknown
}

const oneOf =
  (...texts: readonly string[]) =>
  (random: Random): string =>
    damaged(random.pick(texts), random)

/** The text as it is, or changed as programs are. */
const damaged = (text: string, random: Random): string =>
  random.chance(0.15) ? text : mutate(text, random, () => text).text

const changedJson = (text: string, random: Random): string =>
  random.chance(0.3)
    ? damageText(text, random).text
    : JSON.stringify(changeJson(JSON.parse(text), random).value)

const quantities = oneOf(
  '4G',
  '390M',
  '4.1 GMACs',
  '120MB',
  '2GiB',
  '5e8',
  '5ms',
  '300us',
  '0.2s',
  '1',
  `${'1'.repeat(50_000)}x`,
)

const readers = {
  measured: {
    make: (random) => damaged(measured(), random),
    read: (text, probe, answers) => probe.step('read measured', () => readMeasured(text, 'm.csv'), answers),
  },
  device: {
    make: (random) => changedJson(random.pick(devices)(), random),
    read: (text, probe, answers) => probe.stepAsync('read device', () => readDevice(text, 'd.json'), answers),
  },
  names: {
    make: (random) => changedJson(random.pick(nameMaps)(), random),
    read: (text, probe, answers) => probe.step('read names', () => readNameMap(text, 'n.json'), answers),
  },
  axes: {
    make: oneOf(
      'width=0.5..2:0.1',
      'depths=[3, 4, 6, 3],[2, 2, 2, 2]',
      'batch=1..64',
      'input_size=128..320:32,3x192x256',
      'a="x,y",none',
      `w=${'1,'.repeat(300)}1`,
    ),
    read: (text, probe, answers) =>
      probe.step('read axes', () => void spaceOf(parseAxes(text.split('\n').slice(0, 80))), answers),
  },
  objectives: {
    make: oneOf('macs', 'macs,parameters', 'seconds', 'memory, bytes', 'max:macs'),
    read: (text, probe, answers) =>
      probe.step('read objectives', () => parseObjectives(text, { device: true, energy: true }), answers),
  },
  quantity: {
    make: quantities,
    read: (text, probe) => {
      for (const read of [
        parseCount,
        parseBytes,
        parseDuration,
        parseInteger(1, 9),
        parseSize,
        parseList,
        parseNumbers,
      ])
        probe.step(`read ${read.name}`, () => read(text), isRefusedArgument)
      probe.step('read claim', () => readClaim(text))
    },
  },
  claim: {
    make: oneOf('4.09', '4.09G', '43 MMACs', '0.39B FLOPs', '5734965248', '8.2 m-adds'),
    read: (text, probe) => probe.step('read claim', () => readClaim(text)),
  },
  expression: {
    make: oneOf(
      '[2, 2, 6, 2]',
      'se(reduction: 4)',
      '1 + 2 * 3',
      'x -> conv(4, 3) as y',
      'if true { 1 } else { [2] }',
      '[for k in 0..4 if k > 1: k]',
    ),
    read: (text, probe) => {
      const found = probe.step('read expression', () => parseExpression(createSourceFile('--set a', text)))
      judgeDiagnostics(found?.diagnostics ?? [], probe)
    },
  },
  placement: {
    make: oneOf(
      'layer3: se(reduction: 16) at spatial',
      'layer2, layer3: eca at residual if i % 2 == 1',
      'relu at a',
    ),
    read: (text, probe) => {
      const found = probe.step('read placement', () => parsePlacement(createSourceFile('--with', text)))
      judgeDiagnostics(found?.diagnostics ?? [], probe)
    },
  },
  removal: {
    make: oneOf('se', 'layer3: se', 'layer1, layer2: eca'),
    read: (text, probe) => {
      const found = probe.step('read removal', () => parseRemoval(createSourceFile('--without', text)))
      judgeDiagnostics(found?.diagnostics ?? [], probe)
    },
  },
  npy: {
    make: (random) => {
      const shape = random.pick([
        '(3, 4, 4)',
        '(1,)',
        '()',
        '(0,)',
        '(2, 3)',
        '(99999999, 99999999)',
        '(-1,)',
      ])
      const dtype = random.pick(['<f4', '<f8', '<f2', '>f4', '<i8', '|O'])
      const header = `{'descr': '${dtype}', 'fortran_order': ${random.pick(['False', 'True'])}, 'shape': ${shape}, }\n`
      return random.chance(0.4) ? header : damaged(header, random)
    },
    read: (_, probe, answers, bytes) => probe.step('read npy', () => readNpy(bytes, 'a.npy'), answers),
  },
} as const satisfies Readonly<Record<string, Reader>>

/** Commander's way to refuse an argument: the command line turns it into a sentence. */
const isRefusedArgument: Answer = (error) =>
  error instanceof Error && 'code' in error && error.code === 'commander.invalidArgument'

function make(random: Random): OtherInput {
  const reader = random.pick(Object.keys(readers) as (keyof typeof readers)[])
  const text = readers[reader].make(random)
  return reader === 'npy' ? { reader, text, bytes: npyOf(text, random) } : { reader, text }
}

function npyOf(header: string, random: Random): Uint8Array {
  const text = new TextEncoder().encode(header)
  const version = random.pick([1, 1, 2, 3, 0, 9])
  const length = random.chance(0.8) ? text.length : random.int(0, 70_000)
  const start =
    version === 1 ? [length & 255, (length >> 8) & 255] : [length & 255, (length >> 8) & 255, length >> 16, 0]
  const values = random.pick([0, 2, 4, 16, 24, 48, 192, 384])
  const bytes = Uint8Array.from([
    0x93,
    78,
    85,
    77,
    80,
    89,
    version,
    0,
    ...start,
    ...text,
    ...new Uint8Array(values),
  ])
  if (random.chance(0.3)) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255)
  return random.chance(0.2) ? bytes.slice(0, random.int(0, bytes.length)) : bytes
}

async function run({ reader, text, bytes }: OtherInput, probe: Probe): Promise<void> {
  const found: Reader = readers[reader]
  probe.tally(reader)
  await found.read(text, probe, isAnswer(probe), bytes ?? new Uint8Array())
}
