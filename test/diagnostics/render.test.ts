import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Diagnostic, Label } from '../../src/diagnostics/diagnostic.ts'
import { renderDiagnostic, renderDiagnostics } from '../../src/diagnostics/render.ts'
import { createSourceFile, type SourceFile } from '../../src/source/source-file.ts'
import type { Span } from '../../src/source/span.ts'

const find = (file: SourceFile, text: string, from = 0): Span => {
  const start = file.text.indexOf(text, from)
  return { file, start, end: start + text.length }
}

const diagnostic = (span: Span | undefined, extra: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'E0201',
  severity: 'error',
  message: 'nothing is called `a` here',
  ...(span === undefined ? {} : { span }),
  labels: [],
  notes: [],
  ...extra,
})

const render = (span: Span | undefined, labels: Label[] = [], extra: Partial<Diagnostic> = {}): string =>
  renderDiagnostic(diagnostic(span, { labels, ...extra }))

/** Written without the margin that template strings have here. */
const text = (...lines: string[]): string => lines.join('\n')

describe('renderDiagnostic', () => {
  it('looks as the design shows it', () => {
    const file = createSourceFile(
      'specs/networks/tresnet.arch',
      `${'\n'.repeat(13)}  return main + skip -> relu\n`,
    )
    const rendered = renderDiagnostic({
      code: 'E0312',
      severity: 'error',
      message: 'these tensors cannot be added: their channels differ',
      span: find(file, 'main + skip'),
      labels: [
        { span: find(file, 'main'), text: '128 x 56 x 56' },
        { span: find(file, 'skip'), text: '64 x 56 x 56' },
      ],
      notes: ['in block `basic`, repetition 0 of stage `layer2` (line 22), network `tresnet_m`'],
      help: "give `shortcut` the block's channels: `shortcut(channels, stride)`",
    })
    expect(rendered).toBe(
      text(
        'error[E0312]: these tensors cannot be added: their channels differ',
        '  --> specs/networks/tresnet.arch:14:10',
        '   |',
        '14 |   return main + skip -> relu',
        '   |          ----   ---- 64 x 56 x 56',
        '   |          |',
        '   |          128 x 56 x 56',
        '   = in block `basic`, repetition 0 of stage `layer2` (line 22), network `tresnet_m`',
        "   = help: give `shortcut` the block's channels: `shortcut(channels, stride)`",
      ),
    )
  })

  it('draws carets under the main span and a text on it when a label has the same span', () => {
    const file = createSourceFile('a.arch', 'x = aa + bb')
    expect(render(find(file, 'aa'))).toContain(text('1 | x = aa + bb', '  |     ^^'))
    expect(render(find(file, 'aa'), [{ span: find(file, 'aa'), text: 'here' }])).toContain('  |     ^^ here')
  })

  it('hangs several texts from right to left', () => {
    const file = createSourceFile('a.arch', 'f(aa, bb, cc)')
    const labels = ['aa', 'bb', 'cc'].map((name) => ({ span: find(file, name), text: `is ${name}` }))
    expect(render(find(file, 'f'), labels)).toContain(
      text('1 | f(aa, bb, cc)', '  | ^ --  --  -- is cc', '  |   |   |', '  |   |   is bb', '  |   is aa'),
    )
  })

  it('does not write a text over an underline to its right', () => {
    const file = createSourceFile('a.arch', 'aa + bb')
    expect(render(find(file, 'bb'), [{ span: find(file, 'aa'), text: 'first' }])).toContain(
      text('1 | aa + bb', '  | --   ^^', '  | |', '  | first'),
    )
  })

  it('keeps carets in place behind tabs and wide characters', () => {
    const tabs = createSourceFile('a.arch', '\t\tx = oops')
    expect(render(find(tabs, 'oops'))).toContain(text('1 |         x = oops', '  |             ^^^^'))
    const wide = createSourceFile('a.arch', '"漢字" oops')
    expect(render(find(wide, 'oops'))).toContain(text('1 | "漢字" oops', '  |        ^^^^'))
  })

  it('shows the first and the last line of a span over several', () => {
    const file = createSourceFile('a.arch', 'a = f(\n  1,\n  2,\n  3\n)\n')
    expect(render({ file, start: 4, end: 22 })).toContain(
      text('1 | a = f(', '  |     ^^', '...', '5 | )', '  | ^'),
    )
  })

  it('shows the line between two marked ones, and an ellipsis for more', () => {
    const file = createSourceFile('a.arch', 'a1\nb2\nc3\nd4\ne5\nf6\n')
    const labels = [{ span: find(file, 'a1'), text: 'first' }]
    expect(render(find(file, 'c3'), labels)).toContain(text('  | -- first', '2 | b2', '3 | c3', '  | ^^'))
    expect(render(find(file, 'f6'), labels)).toContain(text('  | -- first', '...', '6 | f6'))
  })

  it('shows labels of other files under their own heading', () => {
    const file = createSourceFile('a.arch', 'import { b } from "./b.arch"')
    const other = createSourceFile('b.arch', '\n  block c() {}')
    expect(render(find(file, 'b'), [{ span: find(other, 'c('), text: 'nearest' }])).toContain(
      text(' ::: b.arch:2:9', '  |', '2 |   block c() {}', '  |         -- nearest'),
    )
  })

  it('marks the end of the file, and an empty file', () => {
    const file = createSourceFile('a.arch', 'block b {\n')
    expect(render({ file, start: 10, end: 10 })).toContain(text(' --> a.arch:2:1', '  |', '2 |', '  | ^'))
    const empty = createSourceFile('a.arch', '')
    expect(render({ file: empty, start: 0, end: 0 })).toContain(text('1 |', '  | ^'))
  })

  it('survives carriage returns at line ends', () => {
    const file = createSourceFile('a.arch', 'a = b\r\nc = d\r\n')
    expect(render(find(file, 'd'))).toContain(text('2 | c = d', '  |     ^'))
  })

  it('names file and byte where there is no source', () => {
    expect(render(undefined, [], { place: { path: 'w.safetensors', offset: 1234 } })).toBe(
      text('error[E0201]: nothing is called `a` here', ' --> w.safetensors (byte 1234)'),
    )
  })

  it('lets no further line command a workflow', () => {
    const message = 'one\n::error::two\n  ##[error]three'
    expect(render(undefined, [], { message, notes: [message] })).not.toMatch(/^\s*(::|##\[)/m)
  })

  it('indents further lines of messages and notes', () => {
    expect(render(undefined, [], { message: 'one\ntwo', notes: ['three\nfour'] })).toBe(
      text('error[E0201]: one', '  two', '  = three', '    four'),
    )
  })
})

describe('colour', () => {
  it('changes nothing but the colour sequences', () => {
    const file = createSourceFile('a.arch', 'x = aa + bb')
    const subject = diagnostic(find(file, 'aa'), {
      labels: [{ span: find(file, 'bb'), text: 'other' }],
      notes: ['why'],
    })
    const colored = renderDiagnostic(subject, { color: true })
    expect(colored).toContain('\u001b[1;31merror[E0201]\u001b[0m')
    expect(colored.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(renderDiagnostic(subject))
  })
})

describe('hostile text', () => {
  const escape = '\u001b[31m\u001b]0;title\u0007\u202e\u0000\u009b'

  it('lets no control character through, from source, names, notes or labels', () => {
    const file = createSourceFile(`bad${escape}.arch`, `x = ${escape} oops`)
    const rendered = render(find(file, 'oops'), [{ span: find(file, 'x'), text: escape }], {
      message: escape,
      notes: [escape],
      help: escape,
    })
    expect(rendered.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(rendered).toContain('x = ␛[31m␛]0;title␇')
  })

  // Were the work quadratic, this would not end in time.
  it('clips a line of megabytes around the fault', () => {
    const file = createSourceFile('min.arch', `${'a, '.repeat(500_000)}OOPS${', b'.repeat(500_000)}`)
    const span = find(file, 'OOPS')
    const rendered = Array.from({ length: 200 }, () => render(span)).at(-1) ?? ''
    const [, , , source = '', carets = ''] = rendered.split('\n')
    expect(source.length).toBeLessThan(140)
    expect(source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('OOPS')
  })

  it('clips long messages and draws a bounded number of labels', () => {
    const file = createSourceFile('a.arch', 'x\n'.repeat(5000))
    const labels = Array.from({ length: 5000 }, (_, i) => ({
      span: { file, start: 2 * i, end: 2 * i + 1 },
      text: 'y'.repeat(10_000),
    }))
    expect(render({ file, start: 0, end: 1 }, labels, { message: 'z'.repeat(1e6) }).length).toBeLessThan(
      60_000,
    )
  })

  it('never throws, whatever the text and the spans', () => {
    const spans = fc.record({ start: fc.nat(60), length: fc.nat(40), text: fc.string() })
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      spans,
      fc.array(spans),
      (body, main, others) => {
        const file = createSourceFile('a.arch', body)
        const span = ({ start, length }: { start: number; length: number }): Span => {
          const first = Math.min(start, body.length)
          return { file, start: first, end: Math.min(first + length, body.length) }
        }
        const labels = others.map((other) => ({ span: span(other), text: other.text }))
        expect(() => encodeURIComponent(render(span(main), labels))).not.toThrow()
      },
    )
    fc.assert(property, { numRuns: 300 })
  })
})

describe('renderDiagnostics', () => {
  it('counts errors and warnings', () => {
    const warning = diagnostic(undefined, { severity: 'warning' })
    expect(renderDiagnostics([diagnostic(undefined), diagnostic(undefined), warning])).toMatch(
      /\n\n2 errors, 1 warning$/,
    )
    expect(renderDiagnostics([])).toBe('')
  })
})
