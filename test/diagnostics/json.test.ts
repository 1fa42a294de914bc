import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { diagnosticToJson } from '../../src/diagnostics/json.ts'
import { createSourceFile } from '../../src/source/source-file.ts'

const facts = { name: 'a', nearest: 'b' }

describe('diagnosticToJson', () => {
  it('gives lines and columns of spans and labels', () => {
    const file = createSourceFile('a.arch', 'one\ntwo three\n')
    const labels = [{ span: { file, start: 0, end: 3 }, text: 'first' }]
    expect(diagnosticToJson(diagnose('E0201', { file, start: 8, end: 13 }, facts, { labels }))).toEqual({
      code: 'E0201',
      severity: 'error',
      message: 'nothing is called `a` here',
      file: 'a.arch',
      line: 2,
      column: 5,
      endLine: 2,
      endColumn: 10,
      offset: null,
      notes: [],
      help: 'did you mean `b`?',
      labels: [{ text: 'first', file: 'a.arch', line: 1, column: 1, endLine: 1, endColumn: 4 }],
    })
  })

  it('gives file and byte where there is no source', () => {
    const json = diagnosticToJson(
      diagnose('E0201', { path: 'w.safetensors', offset: 8 }, { name: 'a', nearest: undefined }),
    )
    expect(json).toMatchObject({ file: 'w.safetensors', offset: 8, line: null, column: null, help: null })
  })
})
