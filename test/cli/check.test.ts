import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

interface Report {
  readonly diagnostics: readonly {
    readonly code: string
    readonly message: string
    readonly file: string
    readonly line: number
    readonly column: number
  }[]
}

/** The report on `main.arch`, which must have mistakes. */
async function mistakes(cwd: string, file = 'main.arch'): Promise<Report['diagnostics']> {
  const { status, stdout, stderr } = await archc(['check', file, '--json'], { cwd })
  expect(status).toBe(1)
  expect(stderr).toBe('')
  const { diagnostics } = JSON.parse(stdout) as Report
  expect(diagnostics.length).toBeGreaterThan(0)
  return diagnostics
}

const codes = async (files: Record<string, string | Uint8Array>) =>
  (await mistakes(workFolder(files))).map(({ code }) => code)

describe('a sound spec', () => {
  test('in text', async () => {
    const { status, stdout, stderr } = await archc(['check', 'tiny.arch'], {
      cwd: workFolder({ 'tiny.arch': TINY }),
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'tiny.arch: no mistakes\n', stderr: '' })
  })

  test('in JSON, with a byte order mark', async () => {
    const cwd = workFolder({ 'tiny.arch': `\ufeff${TINY}` })
    const { status, stdout } = await archc(['check', 'tiny.arch', '--json'], { cwd })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ diagnostics: [] })
  })

  test.each(['tresnet_xl', 'efficientnet_lite0', 'repghostnet_050', 'fasternet_t0', 'resnext50_32x4d'])(
    'built in: %s',
    async (name) => {
      expect((await archc(['check', name])).status).toBe(0)
    },
  )
})

describe('mistakes', () => {
  test('each with code, message, file, line and column', async () => {
    const cwd = workFolder({ 'main.arch': TINY.replace('linear', 'linaer') })
    const [first] = await mistakes(cwd)
    expect(first).toMatchObject({ file: 'main.arch', line: 4, column: 29 })
    expect(first?.code).toMatch(/^E\d{4}$/)
    expect(first?.message).toContain('linaer')
  })

  test('go to stdout, as they are the result', async () => {
    const cwd = workFolder({ 'main.arch': TINY.replace('linear', 'linaer') })
    const { status, stdout, stderr } = await archc(['check', 'main.arch'], { cwd })
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain('main.arch:4:29')
    expect(stdout).toContain('`linear`')
  })

  test('that settings cause', async () => {
    const { status, stdout } = await archc(['check', 'resnet18', '--set', 'classes=0', '--json'])
    expect(status).toBe(1)
    expect(stdout).toContain('"code"')
  })
})

describe('hostile files', () => {
  test('empty', async () => {
    expect(await codes({ 'main.arch': '' })).toHaveLength(1)
  })

  test('not UTF-8, with the offset of the first bad byte', async () => {
    const bytes = Buffer.concat([Buffer.from('# caf'), Buffer.from([0xe9]), Buffer.from(`\n${TINY}`)])
    const cwd = workFolder({ 'main.arch': bytes })
    expect(await mistakes(cwd)).toMatchObject([{ code: 'E0903', file: 'main.arch', offset: 5 }])
  })

  test('cut within a character', async () => {
    const cwd = workFolder({ 'main.arch': Buffer.concat([Buffer.from('# '), Buffer.from([0xe2, 0x82])]) })
    expect(await mistakes(cwd)).toMatchObject([{ code: 'E0903', offset: 2 }])
  })

  test('10 MB long', async () => {
    expect(await codes({ 'main.arch': '# '.repeat(5_000_000) })).toEqual(['E0902'])
  })

  test('binary', async () => {
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 128)
    expect((await codes({ 'main.arch': noise })).length).toBeGreaterThan(0)
  })

  test('deeply nested', async () => {
    const deep = `network n() { input 3 x 8 x 8 stem = ${'('.repeat(100_000)}1`
    expect((await codes({ 'main.arch': deep })).length).toBeLessThan(5)
  })

  test('a loop of 10^9 turns', async () => {
    const loop = 'network n() {\n  input 3 x 8 x 8\n  for k in 0..1000000000 { y = relu(x) }\n}\n'
    expect(await codes({ 'main.arch': loop })).toHaveLength(1)
  })

  test('a folder, a pipe and a device', async () => {
    const cwd = workFolder()
    mkdirSync(join(cwd, 'folder.arch'))
    execFileSync('mkfifo', [join(cwd, 'pipe.arch')])
    for (const file of ['folder.arch', 'pipe.arch', '/dev/zero'])
      expect(await mistakes(cwd, file)).toMatchObject([{ code: 'E0901' }])
  })

  test('links in a circle', async () => {
    const cwd = workFolder()
    symlinkSync('b.arch', join(cwd, 'a.arch'))
    symlinkSync('a.arch', join(cwd, 'b.arch'))
    expect(await mistakes(cwd, 'a.arch')).toHaveLength(1)
  })
})

describe('imports', () => {
  const importing = (from: string) => `import { widget } from "${from}"\n${TINY}`

  test('leaving the root by their path', async () => {
    const found = await mistakes(workFolder({ 'main.arch': importing('../../etc/passwd') }))
    expect(found).toMatchObject([{ file: 'main.arch', line: 1 }])
  })

  test('leaving the root through a link', async () => {
    const outside = workFolder({ 'widget.arch': 'block widget() { return relu }\n' })
    const cwd = workFolder({ 'main.arch': importing('./widget'), 'archc.json': '{}' })
    symlinkSync(join(outside, 'widget.arch'), join(cwd, 'widget.arch'))
    expect((await mistakes(cwd)).map(({ code }) => code)).toEqual(['E0905'])
  })

  test('through a linked folder', async () => {
    const outside = workFolder({ 'widget.arch': 'block widget() { return relu }\n' })
    const cwd = workFolder({ 'main.arch': importing('./parts/widget') })
    symlinkSync(outside, join(cwd, 'parts'))
    expect((await mistakes(cwd)).map(({ code }) => code)).toEqual(['E0905'])
  })

  test('from a folder above, within the project', async () => {
    const cwd = workFolder({ 'archc.json': '{}', 'parts.arch': 'block widget() { return x -> relu }\n' })
    mkdirSync(join(cwd, 'nets'))
    const spec = importing('../parts').replace('-> relu', '-> widget')
    writeFileSync(join(cwd, 'nets/main.arch'), spec)
    expect((await archc(['check', 'nets/main.arch'], { cwd })).stdout).toContain('no mistakes')
  })

  test('in a circle', async () => {
    const found = await mistakes(
      workFolder({
        'main.arch': importing('./a'),
        'a.arch': 'import { b } from "./main"\nblock widget() { return x }\n',
      }),
    )
    expect(found.length).toBeGreaterThan(0)
  })
})

test('an unknown name that the library has comes with the import that brings it', async () => {
  const spec = 'network a() {\n  input 3 x 32 x 32\n  stage body = bottleneck(16) x 2\n}\n'
  const { status, stdout } = await archc(['check', 'main.arch'], { cwd: workFolder({ 'main.arch': spec }) })
  expect(status).toBe(1)
  expect(stdout).toContain('= help: the library has it: `import { bottleneck } from "std/resnet"`')
})
