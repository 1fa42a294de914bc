import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { archc, TINY, workFolder } from './support/archc.ts'
import { npy, readArray } from './support/npy.ts'

const WEIGHTS = resolve('examples/efficientnet_lite0/efficientnet_lite0.safetensors')
const CAT = resolve('examples/photographs/chelsea.png')
const COFFEE = resolve('examples/photographs/coffee.png')

interface Report {
  readonly network: string
  readonly backend: string
  readonly input: readonly number[]
  readonly weights: { readonly random: boolean }
  readonly results: readonly {
    readonly input: string
    readonly top: readonly { class: number; label: string | null; probability: number }[]
  }[]
}

const run = async (args: readonly string[], cwd?: string): Promise<Report> => {
  const { status, stdout, stderr } = await archc(['run', ...args, '--json'], cwd === undefined ? {} : { cwd })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout) as Report
}

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i))

describe('photographs', () => {
  test('are named by a network with real weights, several in one run', async () => {
    const { results, weights } = await run([
      'efficientnet_lite0',
      ...['--weights', WEIGHTS, '--input', CAT, '--input', COFFEE, '--top', '3'],
    ])
    expect(weights.random).toBe(false)
    expect(results.map(({ top }) => top.length)).toEqual([3, 3])
    const [cat, coffee] = results.map(({ top }) => top[0])
    expect(cat).toMatchObject({ class: 282, label: expect.stringContaining('cat') as string })
    expect(coffee).toMatchObject({ class: 967, label: expect.stringContaining('espresso') as string })
    expect(Math.abs((cat?.probability ?? 0) - 0.3815)).toBeLessThan(0.03)
    expect(Math.abs((coffee?.probability ?? 0) - 0.951)).toBeLessThan(0.03)
  })

  test('by a compiled model too, in text, with nothing on stderr', async () => {
    const cwd = workFolder()
    const compiled = await archc(['compile', 'efficientnet_lite0', '--weights', WEIGHTS, '-o', 'lite0'], {
      cwd,
    })
    expect(compiled).toMatchObject({ status: 0, stderr: '' })
    const { stdout, stderr, status } = await archc(['run', 'lite0', '--input', CAT], { cwd })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^.*chelsea\.png\n\s+3\d\.\d %  .*cat.* \(class 282\)\n/)
  })

  test('are looked at in another way where the user says so', async () => {
    const seen = async (...options: string[]) => {
      const { results } = await run(['efficientnet_lite0', '--weights', WEIGHTS, '--input', CAT, ...options])
      return results[0]?.top[0]?.probability
    }
    const [own, same, other] = [
      await seen(),
      await seen('--mean', '0.5', '--std', '0.5,0.5,0.5', '--resize', '256', '--interpolation', 'bicubic'),
      await seen('--mean', '0.2', '--interpolation', 'bilinear'),
    ]
    expect(same).toBe(own)
    expect(other).not.toBe(own)
  })
})

describe('arrays', () => {
  const folder = () =>
    workFolder({
      'tiny.arch': TINY,
      'own.npy': npy([1, 3, 8, 8], ramp(192)),
      'wide.npy': npy([3, 8, 20]),
      'two.npy': npy([2, 3, 8, 8], ramp(384)),
    })

  test('without weights the answer is random, which is said, and the same for a seed', async () => {
    const cwd = folder()
    const logits = async (seed: string) => {
      const { stderr } = await archc(
        ['run', 'tiny.arch', '--input', 'own.npy', '--output', 'y.npy', '--seed', seed],
        { cwd },
      )
      expect(stderr).toMatch(/random \(seed \d+\)/)
      return [...readArray(join(cwd, 'y.npy')).data]
    }
    const [a, b, c] = [await logits('1'), await logits('1'), await logits('2')]
    expect(b).toEqual(a)
    expect(c).not.toEqual(a)
  })

  test('of another height and width run at theirs', async () => {
    expect((await run(['tiny.arch', '--input', 'wide.npy'], folder())).input).toEqual([3, 8, 20])
  })

  test('in a batch give as many results; logits and taps have the batch in front', async () => {
    const cwd = folder()
    const taps = ['--tap', 'stem,stem.conv1', '--tap-dir', 'taps/new']
    const { results } = await run(['tiny.arch', '--input', 'two.npy', '--output', 'y.npy', ...taps], cwd)
    expect(results.map(({ input }) => input)).toEqual(['two.npy[0]', 'two.npy[1]'])
    expect(readArray(join(cwd, 'y.npy')).shape).toEqual([2, 4])
    expect(readdirSync(join(cwd, 'taps/new')).sort()).toEqual(['stem.conv1.npy', 'stem.npy'])
    const [before, after] = ['stem.conv1', 'stem'].map((name) => readArray(join(cwd, `taps/new/${name}.npy`)))
    expect(before?.shape).toEqual([2, 4, 4, 4])
    expect(after?.data).toEqual(before?.data.map((value) => Math.max(0, value)))
  })

  test('cpu and wasm agree', async () => {
    const cwd = folder()
    for (const backend of ['cpu', 'wasm'])
      await run(['tiny.arch', '--input', 'own.npy', '--output', `${backend}.npy`, '--backend', backend], cwd)
    const [cpu, wasm] = ['cpu', 'wasm'].map((name) => readArray(join(cwd, `${name}.npy`)).data)
    cpu?.forEach((value, i) => {
      expect(value).toBeCloseTo(wasm?.[i] ?? NaN, 5)
    })
  })

  test('a compiled model gives what its spec gives, and says that its weights are random', async () => {
    const cwd = folder()
    await archc(['compile', 'tiny.arch', '--seed', '5', '-o', 'model'], { cwd })
    await run(['tiny.arch', '--seed', '5', '--input', 'own.npy', '--output', 'a.npy'], cwd)
    const { status, stderr } = await archc(['run', './model', '--input', 'own.npy', '--output', 'b.npy'], {
      cwd,
    })
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('random (seed 5)') as string,
    })
    expect(readFileSync(join(cwd, 'b.npy'))).toEqual(readFileSync(join(cwd, 'a.npy')))
  })

  test('a compiled model is as it is', async () => {
    const cwd = folder()
    await archc(['compile', 'tiny.arch', '-o', 'model'], { cwd })
    const { status } = await archc(['run', 'model', '--input', 'own.npy', '--set', 'classes=3'], { cwd })
    expect(status).toBe(2)
    expect((await archc(['run', 'model', '--input', 'wide.npy'], { cwd })).status).toBe(1)
  })
})

describe('several results', () => {
  const TWO = `network two() {
  input 3 x 8 x 8
  stem = conv(4, 3) -> relu
  a = x -> global_avg_pool -> linear(5)
  b = x -> conv(2, 1)
  c = x -> max_pool(2)
  return a, b, c
}`
  const folder = () => workFolder({ 'two.arch': TWO, 'x.npy': npy([2, 3, 8, 8], ramp(384)) })
  const shapes = [
    [2, 5],
    [2, 2, 8, 8],
    [2, 4, 4, 4],
  ]
  const written = (cwd: string, ...files: string[]) => files.map((file) => readArray(join(cwd, file)))

  test('are all written, one file each, and all in the text', async () => {
    const cwd = folder()
    const args = ['run', 'two.arch', '--input', 'x.npy', '--output', 'y.npy', '--top', '1', '--tap', 'stem']
    const { status, stdout, stderr } = await archc([...args, '--tap-dir', 'taps'], { cwd })
    expect(status).toBe(0)
    expect(stderr).toContain('two has 3 results; they are in y.0.npy to y.2.npy')
    expect(existsSync(join(cwd, 'y.npy'))).toBe(false)
    const arrays = written(cwd, 'y.0.npy', 'y.1.npy', 'y.2.npy')
    expect(arrays.map(({ shape }) => shape)).toEqual(shapes)
    const [stem] = written(cwd, 'taps/stem.npy')
    expect(stem?.shape).toEqual([2, 4, 8, 8])
    // What the third result is made of: the largest of each 2 x 2.
    const [a = NaN, b = NaN, c = NaN, d = NaN] = [0, 1, 8, 9].map((at) => stem?.data[at])
    expect(arrays[2]?.data[0]).toBeCloseTo(Math.max(a, b, c, d), 6)
    expect(
      stdout.match(
        /^x\.npy\[\d\]: 3 results\n {2}result 0\n.*class.*\n {2}result 1\n.*2 x 8 x 8.*\n {2}result 2\n.*4 x 4 x 4/gm,
      ),
    ).toHaveLength(2)
  })

  test('are all in the JSON, and in what a compiled model gives', async () => {
    const cwd = folder()
    await archc(['compile', 'two.arch', '-o', 'model'], { cwd })
    const { stdout } = await archc(['run', './model', '--input', 'x.npy', '--output', 'z', '--json'], { cwd })
    const { results } = JSON.parse(stdout) as { results: readonly { outputs: readonly object[] }[] }
    expect(results.map(({ outputs }) => outputs.map((one) => Object.keys(one)))).toEqual([
      [['top'], ['output'], ['output']],
      [['top'], ['output'], ['output']],
    ])
    expect(written(cwd, 'z.0', 'z.1', 'z.2').map(({ shape }) => shape)).toEqual(shapes)
  })

  test('go to a device one after another, and not to files beside it', async () => {
    const cwd = folder()
    const { status } = await archc(['run', 'two.arch', '--input', 'x.npy', '--output', '/dev/null'], { cwd })
    expect(status).toBe(0)
    expect(existsSync('/dev/null.0')).toBe(false)
  })
})

describe('pictures of other kinds', () => {
  const GREY = `network grey() {
  metadata(resize: 8)
  input 1 x 8 x 8
  head = flatten
}`
  const grid = Uint8Array.from({ length: 64 * 3 }, (_, at) => (at * 37) % 256)
  const picture = () => sharp(grid, { raw: { width: 8, height: 8, channels: 3 } })

  test('a network of one channel sees a picture in grey', async () => {
    const cwd = workFolder({ 'grey.arch': GREY, 'x.png': await picture().png().toBuffer() })
    await run(['grey.arch', '--input', 'x.png', '--output', 'y.npy'], cwd)
    const wanted = Array.from({ length: 64 }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = grid.subarray(3 * i, 3 * i + 3)
      return ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16) / 255
    })
    expect([...readArray(join(cwd, 'y.npy')).data]).toEqual([...Float32Array.from(wanted)])
  })

  test('one that is to be turned is seen as it lies, which is said', async () => {
    const files = {
      'grey.arch': GREY,
      'turned.jpg': await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'plain.jpg': await picture().jpeg().toBuffer(),
    }
    const cwd = workFolder(files)
    const values = async (name: string) => {
      const args = ['run', 'grey.arch', '--input', `${name}.jpg`, '--output', `${name}.npy`]
      const { stderr } = await archc(args, { cwd })
      return { stderr, data: readArray(join(cwd, `${name}.npy`)).data }
    }
    const [turned, plain] = [await values('turned'), await values('plain')]
    expect(turned.stderr).toContain('turned.jpg is to be turned when it is shown (EXIF orientation 6)')
    expect(plain.stderr).not.toContain('EXIF')
    expect(turned.data).toEqual(plain.data)
  })

  test('how far it is resized, by --crop-pct as by --resize, and not by both', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const top = async (...options: string[]) =>
      (await run(['tiny.arch', '--input', CAT, ...options], cwd)).results[0]?.top
    const whole = await top('--crop-pct', '1')
    expect(whole).toEqual(await top('--resize', '8'))
    expect(whole).not.toEqual(await top('--crop-pct', '0.5'))
    for (const odd of [
      ['--crop-pct', '0'],
      ['--crop-pct', '1.5'],
      ['--crop-pct', '0.9', '--resize', '8'],
    ])
      expect((await archc(['run', 'tiny.arch', '--input', CAT, ...odd], { cwd })).status).toBe(2)
  })
})

describe('weights', () => {
  const NORMED = TINY.replace('-> relu', '-> abn(leaky_relu(0.01))')
  const shapes = {
    'stem.conv1.weight': [4, 3, 3, 3],
    'stem.abn1.weight': [4],
    'stem.abn1.bias': [4],
    'stem.abn1.running_mean': [4],
    'stem.abn1.running_var': [4],
    'head.linear1.weight': [4, 4],
    'head.linear1.bias': [4],
  }

  const checkpoint = (scale: number) =>
    writeSafetensors(
      new Map(
        Object.entries(shapes).map(([name, shape]) => {
          const value = name === 'stem.abn1.weight' ? scale : name.endsWith('running_var') ? 1 : 0.5
          const size = shape.reduce((a, b) => a * b, 1)
          return [name, { shape, data: new Float32Array(size).fill(value) }]
        }),
      ),
    )

  const folder = () =>
    workFolder({
      'normed.arch': NORMED,
      'x.npy': npy([3, 8, 8], new Float32Array(192).fill(1)),
      'positive.safetensors': checkpoint(2),
      'negative.safetensors': checkpoint(-2),
      'own.json': '{ "rules": [{ "from": "stem.conv1", "to": "first" }], "ignore": [] }',
    })

  const logit = async (cwd: string, weights: string, ...options: string[]) => {
    const args = [
      'run',
      'normed.arch',
      '--input',
      'x.npy',
      '--weights',
      weights,
      '--output',
      'y.npy',
      ...options,
    ]
    const { stderr, status } = await archc(args, { cwd })
    expect(status, stderr).toBe(0)
    return { stderr, logit: readArray(join(cwd, 'y.npy')).data[0] ?? NaN }
  }

  test('of InPlaceABN are read as it reads them; who forgets to say so is told', async () => {
    const cwd = folder()
    const plain = await logit(cwd, 'positive.safetensors')
    const negative = await logit(cwd, 'negative.safetensors')
    const inplace = await logit(cwd, 'negative.safetensors', '--inplace-abn')
    expect(negative.stderr).toContain('--inplace-abn')
    expect(inplace.stderr).toBe('')
    expect(negative.logit).not.toBeCloseTo(plain.logit, 2)
    expect(inplace.logit).toBeCloseTo(plain.logit, 2)
  })

  test('under other names, which a map of the user gives', async () => {
    const cwd = folder()
    const args = [
      'run',
      'normed.arch',
      '--input',
      'x.npy',
      '--weights',
      'positive.safetensors',
      '--names',
      'own.json',
    ]
    const { status, stderr } = await archc(args, { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('first.weight')
  })
})

describe('what is at fault is said, and nothing is written', () => {
  const files = {
    'tiny.arch': TINY,
    'own.npy': npy([3, 8, 8]),
    'short.npy': npy([3, 8, 8]).subarray(0, 500),
    'four.npy': npy([4, 8, 8]),
    'rank.npy': npy([8, 8]),
    'none.npy': npy([0, 3, 8, 8]),
    'nan.npy': npy([3, 8, 8], new Float32Array(192).fill(NaN)),
    'empty.npy': '',
    'noise.png': 'this is no picture',
    'cut.png': readFileSync(CAT).subarray(0, 5000),
    'empty.jpg': '',
    'x.gif': 'GIF89a',
    'junk.safetensors': 'junk',
    'huge.safetensors': Buffer.from([0, 0, 0, 0, 0, 0, 0, 16, 123, 125]),
  }

  test.each([
    ['E0713', ['--input', 'short.npy']],
    ['E0715', ['--input', 'four.npy']],
    ['E0715', ['--input', 'rank.npy']],
    ['E0715', ['--input', 'none.npy']],
    ['E0714', ['--input', 'nan.npy']],
    ['E0701', ['--input', 'empty.npy']],
    ['E0904', ['--input', 'nowhere.npy']],
    ['E0904', ['--input', 'nowhere.png']],
    ['E0702', ['--input', 'noise.png']],
    ['E0703', ['--input', 'cut.png']],
    ['E0701', ['--input', 'empty.jpg']],
    ['E0908', ['--input', 'x.gif']],
    ['E0601', ['--input', 'own.npy', '--weights', 'junk.safetensors']],
    ['E0602', ['--input', 'own.npy', '--weights', 'huge.safetensors']],
    ['E0610', ['--input', 'own.npy', '--weights', WEIGHTS]],
    ['E0715', ['--input', 'own.npy', '--input-size', '3x16x16']],
    ['E0907', ['--input', 'own.npy', '--output', 'nowhere/y.npy']],
  ])('%s: %j', async (code, args) => {
    const cwd = workFolder(files)
    const { status, stdout, stderr } = await archc(['run', 'tiny.arch', '--output', 'y.npy', ...args], {
      cwd,
    })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.match(/error\[E\d{4}\]/g)).toEqual([`error[${code}]`])
    expect(existsSync(join(cwd, 'y.npy'))).toBe(false)
  })

  test('a tap that there is not is wrong usage, with the nearest', async () => {
    const cwd = workFolder(files)
    const { status, stderr } = await archc(
      ['run', 'tiny.arch', '--input', 'own.npy', '--tap', 'stam', '--tap-dir', 't'],
      { cwd },
    )
    expect(status).toBe(2)
    expect(stderr).toContain("'stem'")
    expect(existsSync(join(cwd, 't'))).toBe(false)
  })

  test('a folder that is no compiled model', async () => {
    const cwd = workFolder(files)
    mkdirSync(join(cwd, 'model'))
    expect((await archc(['run', 'model', '--input', 'own.npy'], { cwd })).status).toBe(1)
    writeFileSync(join(cwd, 'model/model.json'), '{"archc_ir": 2, "nodes": [{}]}')
    const { status, stderr } = await archc(['run', 'model', '--input', 'own.npy'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('model.json')
  })
})
