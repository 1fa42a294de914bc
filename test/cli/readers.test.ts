import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeNpy } from '../../src/host/npy.ts'
import { cli, runShell, TINY, workFolder } from './support/archc.ts'

const INPUT = writeNpy([3, 8, 8], new Float32Array(192))

/** The exit status of a command of which one output goes to a reader that has left, and the other nowhere. */
async function statusWithoutReader(cwd: string, args: string, output: 'stdout' | 'stderr'): Promise<number> {
  const outputs = output === 'stdout' ? '2>/dev/null' : '2>&1 >/dev/null'
  const command = `"${process.execPath}" "${cli}" ${args} ${outputs}`
  const { stdout } = await runShell(`cd "${cwd}"; { { ${command}; echo $? >&3; } | true; } 3>&1`)
  return Number(stdout)
}

const cases: readonly [number, string][] = [
  [0, 'compile tiny.arch -o model'],
  [0, 'ir resnet18 --json'],
  [0, '--help'],
  [0, 'sweep tiny.arch --over classes=1..3 -o points.csv'],
  [0, 'run tiny.arch --input x.npy --output y.npy'],
  [1, 'check broken.arch'],
  [1, 'check broken.arch --json'],
  [1, 'ir broken.arch'],
  [1, 'run tiny.arch --input missing.npy --json'],
  [1, 'analyze tiny.arch --max-macs 1'],
  [1, 'compile broken.arch -o model'],
  [2, 'run tiny.arch'],
  [2, 'check --nonsense'],
]

test.each(['stdout', 'stderr'] as const)(
  'a reader of %s that leaves changes no exit status, and leaves no unfinished file behind',
  async (output) => {
    const cwd = workFolder({ 'tiny.arch': TINY, 'broken.arch': 'network n {', 'x.npy': INPUT })
    const statuses: [number, string][] = []
    for (const [, args] of cases) statuses.push([await statusWithoutReader(cwd, args, output), args])
    expect(statuses).toEqual(cases)
    expect(readdirSync(cwd).sort()).toEqual([
      ...['broken.arch', 'model', 'points.csv', 'tiny.arch', 'x.npy', 'y.npy'],
    ])
  },
)

test.skipIf(!existsSync('/dev/full'))('a full disk fails a command, and leaves its files', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  const full = (args: string, to: string) =>
    runShell(`cd "${cwd}"; "${process.execPath}" "${cli}" ${args} ${to}`)
  expect((await full('compile tiny.arch -o model', '> /dev/full')).status).toBe(1)
  expect((await full('compile tiny.arch -o model', '2> /dev/full')).status).toBe(0)
  expect((await full('check --nonsense', '> /dev/full')).status).toBe(2)
  expect(readdirSync(join(cwd, 'model')).sort()).toEqual(['model.json', 'weights.safetensors'])
})
