import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archc, workFolder } from './support/archc.ts'

/** What bash offers for the last of `words`. */
async function offered(words: readonly string[]): Promise<string[]> {
  const { stdout: script } = await archc(['completion', 'bash'])
  const folder = workFolder({ 'completion.bash': script, 'mine.arch': '' })
  const line = words.map((word) => `'${word}'`).join(' ')
  const ask = `source ${join(folder, 'completion.bash')}; COMP_WORDS=(archc ${line}); COMP_CWORD=${words.length}; _archc; printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', ask], { cwd: folder, encoding: 'utf8' }).stdout.trim().split('\n')
}

const hasBash = spawnSync('bash', ['--version']).status === 0

test.runIf(hasBash)('bash completes commands, options, networks and files', async () => {
  expect(await offered(['an'])).toEqual(['analyze'])
  expect(await offered(['run', '--tap'])).toEqual(['--tap', '--tap-dir'])
  expect(await offered(['check', 'tresnet_'])).toEqual(['tresnet_l', 'tresnet_m', 'tresnet_xl'])
  expect(await offered(['check', 'min'])).toEqual(['mine.arch'])
  expect(await offered(['run', 'tresnet_m', '--backend', ''])).toEqual(['wasm', 'cpu'])
  expect(await offered(['completion', 'b'])).toEqual(['bash'])
})
