import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inject, onTestFinished } from 'vitest'

export const cli = resolve('dist/cli/archc.cjs')

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Circumstances {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the built command line as users do, without a terminal, and fails on anything that is archc's own fault. */
export async function archc(args: readonly string[], circumstances: Circumstances = {}): Promise<Ended> {
  if (inject('buildError') !== '') throw new Error(inject('buildError'))
  const ended = await runNode([cli, ...args], circumstances)
  const all = ended.stdout + ended.stderr
  if (/^\s+at .*:\d+:\d+\)?$/m.test(all) || all.includes('internal error'))
    throw new Error(`archc ${args.join(' ')} broke:\n${all}`)
  return ended
}

export const runNode = (args: readonly string[], circumstances: Circumstances = {}): Promise<Ended> =>
  runProcess(process.execPath, args, circumstances)

export const runShell = (command: string): Promise<Ended> => runProcess('/bin/sh', ['-c', command], {})

function runProcess(program: string, args: readonly string[], { cwd, env }: Circumstances): Promise<Ended> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
  return new Promise((done, failed) => {
    child.on('error', failed).on('close', (status, signal) => {
      done({ status, signal, ...texts })
    })
  })
}

/** A folder of its own for one test, with these files, gone afterwards. */
export function workFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'archc-test-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** A network that runs in no time. */
export const TINY = `network tiny(classes: int = 4) {
  input 3 x 8 x 8
  stem = conv(4, 3, stride: 2) -> relu
  head = global_avg_pool -> linear(classes)
}
`
