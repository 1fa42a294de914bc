import { spawn } from 'node:child_process'
import { existsSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli, TINY, workFolder } from './support/archc.ts'

const WIDE = TINY.replace('head = ', 'stage wide = conv(1024, 3) x 4\n  head = ')

test('an interrupt while a model is written leaves nothing behind', async () => {
  const cwd = workFolder({ 'wide.arch': WIDE })
  const child = spawn(process.execPath, [cli, 'compile', 'wide.arch', '-o', 'out'], { cwd, stdio: 'ignore' })
  const watcher = watch(cwd, (_, name) => {
    if (name?.endsWith('.tmp')) child.kill('SIGINT')
  })
  const status = await new Promise((done) => child.on('close', done))
  watcher.close()
  // The interrupt may come too late; then the model is there, and whole.
  if (status === 0)
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['model.json', 'weights.safetensors'])
  else expect({ status, out: existsSync(join(cwd, 'out')) }).toEqual({ status: 130, out: false })
  expect(readdirSync(cwd).filter((name) => name.includes('tmp'))).toEqual([])
})
