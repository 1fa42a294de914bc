import { expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

const labelled = TINY.replace('input', 'metadata(labels: "nowhere")\n  input')

test.each([
  ['E0900', ['analyze', 'tresnet_mm']],
  ['E0901', ['check', '.']],
  ['E0904', ['run', 'tiny.arch', '--input', 'missing.npy']],
  ['E0908', ['run', 'tiny.arch', '--input', 'notes.txt']],
  ['E0909', ['compile', 'labelled.arch', '-o', 'model']],
])('%s: archc %j', async (code, args) => {
  const cwd = workFolder({ 'tiny.arch': TINY, 'labelled.arch': labelled, 'notes.txt': 'no array' })
  const { status, stdout, stderr } = await archc(args, { cwd })
  expect(status).toBe(1)
  expect(stdout + stderr).toContain(`error[${code}]`)
})
