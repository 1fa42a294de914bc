import { readFileSync } from 'node:fs'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import type { Compared, Comparison } from '../../src/analysis/compare.ts'
import { refreshed } from '../../tools/why-flops-mislead.ts'
import {
  accuracyBy,
  analysisOf,
  bytesBy,
  comparisonOf,
  convolutions,
  fusedConvolution,
  HALF,
  NINE,
  orders,
  STAGES,
  V100,
  waysToRun,
} from '../../tools/why-flops-mislead.tables.ts'
import { archc } from '../cli/support/archc.ts'

const FOLDER = 'examples/why-flops-mislead'
const outputs = new Map<string, Promise<string>>()
/** What is under way: two processes at a time. */
const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]

/** Each command once. */
function run(args: readonly string[]): Promise<string> {
  const key = args.join(' ')
  const known = outputs.get(key) ?? queued(() => printed(args))
  outputs.set(key, known)
  return known
}

function queued(task: () => Promise<string>): Promise<string> {
  const lane = outputs.size % lanes.length
  const done = (lanes[lane] ?? Promise.resolve()).then(task)
  lanes[lane] = done.catch(() => undefined)
  return done
}

async function printed(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await archc(args, { cwd: FOLDER })
  if (status !== 0) throw new Error(`archc ${args.join(' ')}: ${stderr}`)
  return stdout
}

interface Speeds {
  readonly infer_img_s?: number
  readonly train_img_s?: number
}

interface Official {
  readonly published?: Readonly<Record<string, Speeds>>
  readonly deploy?: {
    readonly parameters: { readonly total: number }
    readonly operations_at_224: { readonly macs: number }
  }
}

const official = JSON.parse(readFileSync('test/reference/published.json', 'utf8')) as Readonly<
  Record<string, Official>
>

it('the page shows what archc prints (vitest -u writes it anew)', async () => {
  const page = readFileSync(`${FOLDER}/README.md`, 'utf8')
  const text = await format(await refreshed(page, run), { parser: 'markdown', printWidth: 110 })
  await expect(text).toMatchFileSnapshot(`../../${FOLDER}/README.md`)
})

describe('TResNet', () => {
  it.each([
    ['tresnet-readme.csv', 'infer_img_s'],
    ['tresnet-readme-training.csv', 'train_img_s'],
  ] as const)('%s has what its README says', (file, figure) => {
    const [, ...lines] = readFileSync(`${FOLDER}/${file}`, 'utf8').trim().split('\n')
    const rows = lines.map((line) => line.split(','))
    expect([...new Set(rows.map(([network]) => network))]).toEqual(NINE)
    for (const [network = '', layout, , batch, speed, , assumed] of rows) {
      const claims = Object.entries(official[network]?.published ?? {}).filter(([of]) => /_readme_/.test(of))
      expect([layout, batch, assumed?.startsWith('layout and batch')], network).toEqual(['nchw', '256', true])
      expect(
        claims.map(([, claim]) => claim[figure]),
        network,
      ).toContain(Number(speed))
    }
  })

  const compared = orders.map(({ args }) => comparisonOf(run, [...NINE, ...V100, ...args]))
  const spearman = (comparison: Comparison, by: 'macs' | 'bytes' | 'seconds') =>
    accuracyBy(comparison, by).spearman

  it('bytes order the nine far better than MACs, predicted time better still', async () => {
    const [at240, at224] = await Promise.all(compared)
    for (const comparison of [at240, at224]) {
      expect(comparison!.accuracy?.networks).toBe(9)
      expect(spearman(comparison!, 'macs')).toBeLessThan(0.35)
      expect(spearman(comparison!, 'bytes')).toBeGreaterThan(0.85)
      expect(spearman(comparison!, 'seconds')).toBeGreaterThanOrEqual(0.95)
    }
  })

  it('the roofline does not order them better than bytes, nor training as well as inference', async () => {
    const [at240, , roofline, training] = await Promise.all(compared)
    expect(spearman(roofline!, 'seconds')).toBeLessThan(spearman(roofline!, 'bytes'))
    expect(spearman(training!, 'seconds')).toBeLessThan(spearman(at240!, 'seconds'))
    const furthest = [...roofline!.networks].sort((a, b) => errorOf(a) - errorOf(b)).map(({ name }) => name)
    expect(furthest.slice(0, 2).sort()).toEqual(['efficientnet_b1', 'mixnet_l'])
  })

  it('the prediction is too fast for all nine, and wrong about EfficientNet-B1', async () => {
    const { networks } = (await compared[0])!
    for (const network of networks) {
      expect(errorOf(network), network.name).toBeGreaterThan(-0.455)
      expect(errorOf(network), network.name).toBeLessThan(-0.205)
    }
    const place = (name: string) => networks.find((network) => network.name === name)?.ranks
    expect(place('efficientnet_b1')).toMatchObject({ seconds: 2, measured: 3 })
    expect(place('resnet50')).toMatchObject({ seconds: 3, measured: 2 })
    expect(place('mixnet_l')).toMatchObject({ macs: 1, measured: 7 })
    expect(place('tresnet_m')).toMatchObject({ macs: 7, bytes: 1, seconds: 1, measured: 1 })
    expect(place('tresnet_l')).toMatchObject({ bytes: 5, measured: 8 })
  })

  const errorOf = ({ measured }: Compared): number => measured?.error ?? NaN
})

describe('RepGhost', () => {
  const ofMap = HALF * 56 * 56

  it('concat, add and the merged module do the same MACs', async () => {
    const analyses = await Promise.all(
      ['concat', 'add', 'merged'].map((name) => analysisOf(run, [`${name}.arch`, '--engine', 'eager'])),
    )
    // A 1x1 convolution of 24 channels to 36 and a depthwise 3x3 one of those.
    expect(analyses.map(({ macs }) => macs)).toEqual(Array(3).fill((24 * 36 + 9 * 36) * 56 * 56))
    const [concat, add, merged] = analyses
    expect(bytesBy(concat!, 'concat').bytes).toBe((36 + 36 + 72) * ofMap)
    expect(bytesBy(add!, 'add').bytes).toBe((36 + 36 + 36) * ofMap)
    expect(concat!.bytes).toBeLessThan(add!.bytes)
    expect(merged!.bytes).toBeLessThan(0.8 * concat!.bytes)
  })

  it('the deployed network is that of the official conversion', async () => {
    const { macs, parameters } = await analysisOf(run, ['repghostnet_deployed.arch', '--engine', 'eager'])
    const deploy = official['repghostnet_100']?.deploy
    expect({ macs, parameters }).toEqual({
      macs: deploy?.operations_at_224.macs,
      parameters: deploy?.parameters.total,
    })
  })

  it.each([
    ['eager', 0.27, 0.16],
    ['fused', 0.43, 0.39],
  ])('%s: deployed, %f fewer bytes at 1%% more MACs than GhostNet', async (engine, saved, concats) => {
    const [ghost, deployed] = await Promise.all(
      ['ghostnet_100', 'repghostnet_deployed.arch'].map((name) =>
        analysisOf(run, [name, '--engine', engine]),
      ),
    )
    expect(deployed!.macs / ghost!.macs).toBeCloseTo(1.01, 2)
    expect(1 - deployed!.bytes / ghost!.bytes).toBeCloseTo(saved, 2)
    expect(bytesBy(ghost!, 'concat').share).toBeCloseTo(concats, 2)
    expect(bytesBy(deployed!, 'concat').bytes).toBe(0)
  })

  it.each([
    ['nhwc', 1.02, true],
    ['nchw', 0.97, false],
  ] as const)(
    'measured in %s, RepGhostNet as trained has %f of the speed',
    async (layout, ratio, isRight) => {
      const table = ['--measured', '../../test/reference/measured-rtx3090.csv']
      const both = ['ghostnet_100', 'repghostnet_100', '--layout', layout, ...table]
      const { networks } = await comparisonOf(run, both)
      const [ghost, trained] = ['ghostnet_100', 'repghostnet_100'].map((name) =>
        networks.find((network) => network.name === name),
      )
      const measured =
        (trained?.measured?.images_per_second ?? NaN) / (ghost?.measured?.images_per_second ?? NaN)
      expect(measured).toBeCloseTo(ratio, 2)
      expect(trained!.images_per_second!).toBeGreaterThan(ghost!.images_per_second!)
      expect(measured > 1).toBe(isRight)
    },
  )
})

describe('FasterNet', () => {
  it('the sizes are those of FasterNet-T2', async () => {
    const { stages } = await analysisOf(run, ['fasternet_t2', '--device', 'none'])
    const shapes = stages.filter(({ kind }) => kind === 'stage').map(({ output }) => output)
    for (const [channels, size] of STAGES) expect(shapes).toContainEqual([channels, size, size])
  })

  const cases = convolutions.flatMap((convolution) =>
    STAGES.map(([channels, size]) => ({ ...convolution, channels, size })),
  )
  it.each(cases)(
    '$file of $channels x $size x $size does and moves what the paper counts',
    async ({ file, flops, moved, channels, size }) => {
      const { macs, bytes, kernels } = await fusedConvolution(run, file, [channels, size])
      expect({ macs, bytes, kernels }).toEqual({
        macs: flops(channels, size),
        bytes: HALF * moved(channels, size),
        kernels: 1,
      })
    },
  )

  it('equal MACs, 24 times the bytes, 11 times the time', async () => {
    const files = convolutions.map(({ file }) => file)
    const half = ['--engine', 'fused', '--precision', 'fp16']
    const { networks } = await comparisonOf(run, [...files, '--compare', ...half])
    const amounts = (file: string) => {
      const found = networks.find(({ name }) => name === file)?.amounts
      return { macs: found?.macs ?? NaN, bytes: found?.bytes ?? NaN, seconds: found?.seconds ?? NaN }
    }
    const [regular, depthwise, widened, partial] = files.map(amounts)
    expect(widened!.macs).toBe(partial!.macs)
    expect(widened!.bytes / partial!.bytes).toBeCloseTo(24, 0)
    expect(widened!.seconds / partial!.seconds).toBeCloseTo(11, 0)
    expect(regular!.macs / widened!.macs).toBe(16)
    expect(regular!.seconds / widened!.seconds).toBeCloseTo(1, 2)
    expect(depthwise!.macs).toBeLessThan(partial!.macs)
    expect(depthwise!.seconds).toBeGreaterThan(partial!.seconds)
  })

  it('eager PyTorch copies what the formula leaves alone', async () => {
    const runs = await Promise.all(waysToRun.map(([, args]) => analysisOf(run, args)))
    const [formula, splitCat, slicing, depthwise, widened] = runs.map(({ bytes, throughput, ...rest }) => ({
      ...rest,
      bytes,
      ratio: bytes / (runs[0]?.bytes ?? NaN),
      seconds: throughput?.seconds ?? NaN,
      ridge: throughput?.ridge,
    }))
    expect([formula, splitCat, slicing].map((each) => each!.kernels)).toEqual([1, 3, 4])
    expect(splitCat!.ratio).toBeCloseTo(6, 1)
    expect(slicing!.ratio).toBeCloseTo(7, 1)
    expect(depthwise!.seconds).toBeLessThan(splitCat!.seconds)
    for (const partial of [splitCat, slicing]) expect(widened!.seconds).toBeGreaterThan(3 * partial!.seconds)
    expect(formula!.ridge).toBeCloseTo(76, 0)
  })
})
