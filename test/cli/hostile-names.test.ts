import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeNpy } from '../../src/host/npy.ts'
import { archc, TINY, workFolder } from './support/archc.ts'

/** Turns a terminal red, turns the text around, ends a line, and commands a workflow on GitHub. */
const NAME = 'a\u001b[31m\u202eb\n::error::c\r\u0085d'
const SPEC = `${NAME}.arch`

const commands: readonly (readonly string[])[] = [
  ['check', SPEC],
  ['check', SPEC, '--json'],
  ['check', `missing ${SPEC}`, '--json'],
  ['check', `--${NAME}`],
  [NAME],
  ['compile', SPEC, '-o', NAME],
  ['run', NAME, '--input', `${NAME}.npy`],
  ['run', SPEC, '--input', `${NAME}.npy`, '--json'],
  ['run', SPEC, '--input', `${NAME}.npy`, '--tap', NAME, '--tap-dir', 'taps'],
  ['sweep', SPEC, '--over', 'classes=4,8', '-o', `${NAME}.csv`, '--html', `${NAME}.html`],
  ['sweep', SPEC, '--over', 'classes=4,8', '--json'],
  ['sweep', SPEC, '--over', `classes=${NAME}`],
  ['analyze', SPEC, '-o', `${NAME}.txt`],
  ['analyze', SPEC, '--json'],
  ['analyze', SPEC, '--layers'],
  ['analyze', SPEC, '--format', 'csv'],
  ['analyze', SPEC, '--format', 'markdown'],
  ['analyze', SPEC, 'resnet18', '--compare'],
  ['analyze', SPEC, 'resnet18', '--compare', '--format', 'csv'],
  ['diff', SPEC, '--b-set', 'classes=5'],
  ['ir', SPEC],
  ['ir', SPEC, '--json'],
  ['devices', `./${NAME}.json`],
  ['calibrate', '--backend', NAME],
]

test('a name acts on no terminal and on no log, whatever tells it', async () => {
  const cwd = workFolder({ [SPEC]: TINY, [`${NAME}.npy`]: writeNpy([3, 8, 8], new Float32Array(192)) })
  for (const args of commands) {
    const { stdout, stderr } = await archc(args, { cwd })
    const text = stdout + stderr
    expect(text, args.join(' ')).not.toBe('')
    expect(text, args.join(' ')).not.toMatch(/[^\n\P{Cc}]|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u)
    // The workflow command of the format itself is none of a name's.
    expect(text, args.join(' ')).not.toMatch(/^\s*::error::/m)
  }
  expect(existsSync(join(cwd, NAME, 'model.json'))).toBe(true)
})

test('colours show where colours are wanted, and those of a name do not', async () => {
  const cwd = workFolder({ [SPEC]: TINY })
  const { stdout } = await archc(['analyze', SPEC], { cwd, env: { FORCE_COLOR: '1' } })
  expect(stdout).toContain('\u001b[1m')
  expect(stdout.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(/[^\n\P{Cc}]/u)
})
