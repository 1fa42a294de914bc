import { describe, expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

describe('help', () => {
  test('lists every command', async () => {
    const { status, stdout } = await archc(['--help'])
    expect(status).toBe(0)
    for (const command of [
      'check',
      'analyze',
      'diff',
      'sweep',
      'ir',
      'compile',
      'run',
      'networks',
      'completion',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  test.each(['check', 'analyze', 'diff', 'sweep', 'ir', 'compile', 'run', 'networks', 'completion'])(
    'of %s has examples, by both spellings',
    async (command) => {
      const [flag, word] = await Promise.all([archc([command, '--help']), archc(['help', command])])
      expect(flag.status).toBe(0)
      expect(flag.stdout).toContain(`Examples:\n  archc ${command}`)
      expect(word.stdout).toBe(flag.stdout)
    },
  )

  test('version', async () => {
    expect((await archc(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('wrong usage ends with status 2 and an empty stdout', () => {
  test.each([
    [[]],
    [['chekc', 'resnet18']],
    [['check']],
    [['check', 'resnet18', 'resnet34']],
    [['check', 'resnet18', '--jsn']],
    [['check', 'resnet18', '--input-size', '3x224']],
    [['check', 'resnet18', '--input-size', '-3x224x224']],
    [['check', 'resnet18', '--set', 'width']],
    [['check', 'resnet18', '--set']],
    [['compile', 'resnet18']],
    [['run', 'resnet18']],
    [['run', 'resnet18', '--input', 'x.npy', '--tap', 'stem']],
    [['run', 'resnet18', '--input', 'x.npy', '--tap', ',', '--tap-dir', 'x']],
    [['run', 'resnet18', '--input', 'x.npy', '--backend', 'abacus']],
    [['run', 'resnet18', '--input', 'x.npy', '--top', '0']],
    [['run', 'resnet18', '--input', 'x.npy', '--seed', '1e400']],
    [['completion', 'cmd.exe']],
  ])('archc %j', async (args) => {
    const { status, stdout, stderr } = await archc(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).not.toBe('')
  })

  test('a misspelt command gets a suggestion', async () => {
    expect((await archc(['chekc'])).stderr).toContain('check')
  })
})

describe('a network that there is not', () => {
  test('gets the nearest name', async () => {
    const { status, stderr } = await archc(['analyze', 'tresnet_mm'])
    expect(status).toBe(1)
    expect(stderr).toContain('did you mean `tresnet_m`?')
  })

  test('by a path', async () => {
    const { status, stderr } = await archc(['analyze', './nowhere/x.arch'])
    expect(status).toBe(1)
    expect(stderr).toContain('nowhere/x.arch')
  })
})

describe('the terminal', () => {
  test('a pipe sees no colour, and FORCE_COLOR and NO_COLOR decide', async () => {
    const cwd = workFolder({ 'bad.arch': TINY.replace('linear', 'linaer') })
    const color = (env: Record<string, string>) =>
      archc(['check', 'bad.arch'], { cwd, env }).then(({ stdout }) => stdout.includes('\x1b['))
    expect(await color({})).toBe(false)
    expect(await color({ FORCE_COLOR: '1' })).toBe(true)
    expect(await color({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  })
})

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('%s knows commands, options and networks', async (shell) => {
    const { status, stdout } = await archc(['completion', shell])
    expect(status).toBe(0)
    for (const word of ['analyze', 'input-size', 'tresnet_xl']) expect(stdout).toContain(word)
  })
})

describe('networks', () => {
  test('are listed one a line, without the families that they are variants of', async () => {
    const names = (await archc(['networks'])).stdout.trim().split('\n')
    const first = names.map((line) => line.split(' ')[0])
    expect(first).toContain('tresnet_m')
    expect(first).not.toContain('tresnet')
    const { networks } = JSON.parse((await archc(['networks', '--json'])).stdout) as {
      networks: { name: string; file: string }[]
    }
    expect(networks.map(({ name }) => name)).toEqual(first)
    expect(networks).toContainEqual({ name: 'tresnet_m', file: 'specs/networks/tresnet.arch' })
  })
})
