import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMeasured } from '../../src/analysis/calibration/measured.ts'
import { parameterNames } from '../../src/analysis/time/calibrations.ts'
import { visitNetworks } from '../../src/cli/measured-networks.ts'
import { inputShape } from '../../src/ir/graph.ts'
import { archc, cli, TINY, workFolder } from './support/archc.ts'

const HEADER = 'network,layout,image_size,batch,images_per_s'
const table = readFileSync(new URL('../reference/measured-rtx3090.csv', import.meta.url), 'utf8')
const [header = '', ...lines] = table.trim().split('\n')
/** Small networks of five families. */
const few = lines.filter((line) =>
  /^(resnet18|resnet34|repghostnet_050|repghostnet_100|mobilenetv2_100|vgg16|efficientnet_b0),nhwc,/.test(
    line,
  ),
)
const sample = [header, ...few].join('\n')
const sameSpeeds = `${HEADER}\n${[32, 64, 96, 128, 160]
  .flatMap((size) => [`resnet18,nhwc,${size},1,1000`, `ghostnet_100,nhwc,${size},1,1000`])
  .join('\n')}`

interface Report {
  readonly device: string
  readonly calibrations: readonly {
    readonly rows: number
    readonly parameters: Readonly<Record<string, number>>
    readonly error: { readonly median: number }
    readonly measurements: readonly { readonly images_per_s: { readonly measured: number } }[]
  }[]
}

describe('a table of many networks', () => {
  const rowsOf = (name: string, sizes: number): string[] =>
    Array.from({ length: sizes }, (_, i) => `${name},nhwc,${64 + i},64,1000`)

  it.each([
    ['E1212', [...rowsOf('resnet101', 1500), ...rowsOf('ghostnet_100', 501)]],
    // Of one family, no fit is possible: nothing need be built to know.
    ['E1210', rowsOf('resnet101', 2000)],
    ['E1209', [...rowsOf('resnet18', 3), ...rowsOf('no_such_network', 1900)]],
  ])('is refused before it is built: %s', async (code, rows) => {
    const cwd = workFolder({ 'table.csv': [HEADER, ...rows].join('\n') })
    const args = ['calibrate', '--measured', 'table.csv', '--device', 'rtx3090']
    const { status, stderr } = await archc(args, { cwd })
    expect([status, stderr]).toEqual([1, expect.stringContaining(code)])
  })

  it('builds each once, those of one name together, and keeps none', () => {
    const table = [...rowsOf('resnet18', 2), ...rowsOf('mobilenetv2_100', 1), ...rowsOf('resnet18', 3)]
    const rows = readMeasured([HEADER, ...table].join('\n'), 'table.csv')
    const visits: (readonly [string, readonly number[]])[] = []
    const told: string[] = []
    visitNetworks(
      rows,
      ({ graph }, indices) => visits.push([`${graph.name} ${inputShape(graph)[1] ?? 0}`, indices]),
      (done, all) => told.push(`${done} of ${all}`),
    )
    expect(visits).toEqual([
      ['resnet18 64', [0, 3]],
      ['resnet18 65', [1, 4]],
      ['resnet18 66', [5]],
      ['mobilenetv2_100 64', [2]],
    ])
    expect(told).toEqual(['1 of 4', '2 of 4', '3 of 4', '4 of 4'])
  })
})

describe('archc calibrate --measured', () => {
  it('prints parameters with their meaning and errors beside the roofline', async () => {
    const folder = workFolder({ 'sample.csv': sample })
    const args = ['calibrate', '--measured', 'sample.csv', '--device', 'rtx3090']
    const { status, stdout, stderr } = await archc(args, { cwd: folder })
    expect(stderr).toContain('Nothing was written')
    expect(status).toBe(0)
    expect(stdout).toContain(`rtx3090, eager, nhwc, mixed: ${few.length} rows of 7 networks in 5 families`)
    for (const name of parameterNames) expect(stdout).toContain(name)
    expect(stdout).toMatch(/roofline, nothing fitted +\d/)
    expect(stdout).toMatch(/on families held out +\d/)
    expect(readdirSync(folder)).toEqual(['sample.csv'])
  })

  it('writes a device that other commands take, and replaces a calibration of the same kind', async () => {
    const folder = workFolder({ 'sample.csv': sample })
    const args = ['calibrate', '--measured', 'sample.csv', '--device', 'rtx4090', '-o', 'mine.json', '--json']
    const { status, stdout } = await archc([...args, '--source', 'a test'], { cwd: folder })
    expect(status).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report.device).toBe('rtx4090')
    const [fitted] = report.calibrations
    expect(fitted).toMatchObject({ rows: few.length, source: 'a test', layout: 'nhwc' })
    expect(fitted?.measurements[0]?.images_per_s.measured).toBeGreaterThan(1000)
    // Again, from what was written, with another table.
    const again = ['calibrate', '--measured', 'sample.csv', '--device', './mine.json', '-o', 'mine.json']
    expect((await archc(again, { cwd: folder })).status).toBe(0)
    const written = JSON.parse(readFileSync(join(folder, 'mine.json'), 'utf8')) as Report
    expect(written.calibrations).toHaveLength(1)
    expect(written.calibrations[0]).toMatchObject({
      parameters: fitted?.parameters,
      source: 'archc calibrate, sample.csv',
    })
    expect((await archc(['devices', './mine.json'], { cwd: folder })).stdout).toContain('Calibrations')
    expect(readdirSync(folder).sort()).toEqual(['mine.json', 'sample.csv'])
  })

  it('takes networks of the user, by path', async () => {
    const rows = ['a', 'b'].flatMap((name) =>
      [8, 16, 24, 32, 40].map((size) => `${name}.arch,nchw,${size},65536,${1e6 / size}`),
    )
    const files = { 'a.arch': TINY, 'b.arch': TINY, 't.csv': [HEADER, ...rows].join('\r\n') }
    const args = ['calibrate', '--measured', 't.csv', '--device', 'v100', '--engine', 'fused', '--json']
    const { status, stdout } = await archc(args, { cwd: workFolder(files) })
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as Report).calibrations).toMatchObject([
      { engine: 'fused', layout: 'nchw', rows: 10, networks: 2, families: ['a', 'b'] },
    ])
  })

  it.each([
    [
      'E1203 with its line',
      `${header}\n${few[0] ?? ''}\nresnet18,nhwc,2.4,224,0,5,5,5,5,5`,
      'E1203',
      't.csv:3:',
    ],
    ['E1209 with its line', `${HEADER}\nresnet_18,nhwc,224,1,5`, 'E1209', 'did you mean `resnet18`?'],
    ['E1209 for an impossible size', `${HEADER}\nresnet18,nhwc,1,1,5\nvgg16,nhwc,1,1,5`, 'E1209', 't.csv:3:'],
    ['E1210', `${HEADER}\nresnet18,nhwc,224,1,5`, 'E1210', '1 nhwc rows of 1 family'],
    ['E1209 for a name that no file has', `${HEADER}\nres\0net,nhwc,224,1,5`, 'E1209', 't.csv:2:'],
    ['E1211 where all speeds are the same', sameSpeeds, 'E1211', 'have no order'],
  ])('reports %s', async (_, text, code, said) => {
    const args = ['calibrate', '--measured', 't.csv', '--device', 'rtx3090', '-o', 'out.json']
    const folder = workFolder({ 't.csv': text })
    const { status, stderr } = await archc(args, { cwd: folder })
    expect(status).toBe(1)
    expect(stderr).toContain(code)
    expect(stderr).toContain(said)
    expect(readdirSync(folder)).toEqual(['t.csv'])
  })

  it('says so where a layout was not measured, or a file is missing', async () => {
    const cwd = workFolder({ 't.csv': sample })
    const of = (...args: string[]) => archc(['calibrate', '--device', 'rtx3090', ...args], { cwd })
    expect((await of('--measured', 't.csv', '--layout', 'nchw')).stderr).toContain('E1210')
    expect((await of('--measured', 'none.csv')).stderr).toContain('E0904')
  })
})

describe('what a device file would not hold', () => {
  it('is a network that launches nothing', async () => {
    const rows = [8, 16].map((size) => `idle.arch,nhwc,${size},4,100`)
    const cwd = workFolder({
      'idle.arch': 'network idle() {\n  input 3 x 8 x 8\n  head = dropout(0.5)\n}\n',
      't.csv': [HEADER, ...rows].join('\n'),
    })
    const { status, stderr } = await archc(['calibrate', '--measured', 't.csv', '--device', 'v100'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('E1209')
    expect(stderr).toContain('launches nothing')
  })

  it('is a fit in a type that the device does not compute in', async () => {
    const cwd = workFolder({ 't.csv': sample })
    const args = ['calibrate', '--measured', 't.csv', '--device', 'v100', '--precision', 'bf16']
    const { status, stderr } = await archc(args, { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('E1005')
  })

  it.each(['', 'x'.repeat(1001)])('is a source of %#', async (source) => {
    const { status, stderr } = await archc(['calibrate', '--measured', 'x.csv', '--source', source])
    expect(status).toBe(2)
    expect(stderr).toContain('1 to 1000 characters')
  })
})

describe('archc calibrate', () => {
  it.each([
    [[], '--measured FILE.csv, or --backend'],
    [['--measured', 'x.csv'], 'wants --device'],
    [['--backend', 'wasm', '--device', 'rtx3090'], 'one of them'],
    [['--backend', 'webgl'], 'Allowed choices are'],
    [['--backend', 'webgpu'], 'Allowed choices are'],
    [['--measured', 'x.csv', '--device', 'rtx3090', '--layout', 'nwhc'], 'Allowed choices are'],
  ])('%j is wrong usage', async (args, said) => {
    const { status, stderr } = await archc(['calibrate', ...args])
    expect(status).toBe(2)
    expect(stderr).toContain(said)
  })

  it('--backend measures this machine and writes a device', { timeout: 120_000 }, async () => {
    const cwd = workFolder()
    const { status, stdout } = await archc(['calibrate', '--backend', 'wasm', '-o', 'this_one.json'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain('this_one: tfjs wasm on')
    const shown = await archc(['devices', './this_one.json', '--json'], { cwd })
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'this_one', kind: 'cpu' })
  })

  it('--backend leaves nothing behind where it is interrupted', async () => {
    const cwd = workFolder()
    const child = spawn(process.execPath, [cli, 'calibrate', '--backend', 'cpu', '-o', 'out.json'], {
      cwd,
      stdio: 'ignore',
    })
    setTimeout(() => child.kill('SIGINT'), 1000)
    const signal = await new Promise((done) => child.on('close', (_, by) => done(by)))
    expect(signal).toBe('SIGINT')
    expect(readdirSync(cwd)).toEqual([])
  })
})
