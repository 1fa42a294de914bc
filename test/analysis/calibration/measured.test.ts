import { describe, expect, it } from 'vitest'
import { MEASURED_TEXT_LIMIT, readMeasured } from '../../../src/analysis/calibration/measured.ts'
import { DiagnosticError } from '../../../src/diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../../../src/diagnostics/render.ts'
import { locationOf } from '../../../src/source/span.ts'

const HEADER = 'network,layout,image_size,batch,images_per_s'
const ROW = 'resnet18,nhwc,224,1024,11188.75'

/** `E1203 3:7` for a mistake in line 3, column 7. */
function mistakesOf(text: string): string[] {
  try {
    readMeasured(text, 't.csv')
    return []
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return error.diagnostics.map((diagnostic) => {
      const { line, column } =
        diagnostic.span === undefined ? { line: 0, column: 0 } : locationOf(diagnostic.span)
      // What can be reported can be shown.
      expect(renderDiagnostic(diagnostic, { color: false })).toContain(diagnostic.code)
      return `${diagnostic.code} ${line}:${column}`
    })
  }
}

describe('readMeasured', () => {
  it('reads rows, whatever the order of columns and whichever there are besides', () => {
    const text = `Batch,network,step_ms,layout,images_per_s,image_size,pytorch\n64,resnet18,5,NCHW,1e3,160,2.4\n`
    expect(readMeasured(text, 't.csv')).toMatchObject([
      {
        network: 'resnet18',
        layout: 'nchw',
        imageSize: 160,
        batch: 64,
        imagesPerSecond: 1000,
        pytorch: '2.4',
      },
    ])
  })

  it.each([
    ['a byte order mark', `\uFEFF${HEADER}\n${ROW}\n`],
    ['CRLF', `${HEADER}\r\n${ROW}\r\n`],
    ['no line break at the end', `${HEADER}\n${ROW}`],
    ['blank lines', `\n${HEADER}\n\n  \n${ROW}\n\n`],
    ['spaces', ` network , layout,image_size ,batch, images_per_s\n resnet18 ,nhwc , 224,1024, 11188.75 \n`],
    ['quotes', `"network",layout,image_size,batch,images_per_s\n"resnet18","nhwc","224","1024","11188.75"`],
  ])('takes %s', (_, text) => {
    expect(readMeasured(text, 't.csv')).toMatchObject([
      {
        network: 'resnet18',
        layout: 'nhwc',
        imageSize: 224,
        batch: 1024,
        imagesPerSecond: 11188.75,
        pytorch: '',
      },
    ])
  })

  it('takes commas and quotes in a quoted field', () => {
    const [row] = readMeasured(`${HEADER}\n"a, ""b"".arch",nhwc,224,1,5`, 't.csv')
    expect(row?.network).toBe('a, "b".arch')
  })

  it.each([
    ['nothing', '', 'E1201 1:1'],
    ['a header alone', HEADER, 'E1201 1:1'],
    ['a missing column', 'network,layout,batch,images_per_s\nx,nhwc,1,1', 'E1202 1:1'],
    ['no header', `${ROW}\n${ROW}`, 'E1202 1:1'],
    ['a negative number', `${HEADER}\n${ROW}\nresnet18,nhwc,224,1024,-5`, 'E1203 3:24'],
    ['no number', `${HEADER}\nresnet18,nhwc,224,1024,fast`, 'E1203 2:24'],
    ['NaN', `${HEADER}\nresnet18,nhwc,224,1024,NaN`, 'E1203 2:24'],
    ['infinity', `${HEADER}\nresnet18,nhwc,224,1024,1e999`, 'E1203 2:24'],
    ['zero', `${HEADER}\nresnet18,nhwc,224,1024,0`, 'E1203 2:24'],
    ['an empty number', `${HEADER}\nresnet18,nhwc,224,1024,`, 'E1203 2:24'],
    ['hexadecimal', `${HEADER}\nresnet18,nhwc,224,0x10,5`, 'E1203 2:19'],
    ['batch 0', `${HEADER}\nresnet18,nhwc,224,0,5`, 'E1203 2:19'],
    ['half a pixel', `${HEADER}\nresnet18,nhwc,224.5,1,5`, 'E1203 2:15'],
    ['a huge image', `${HEADER}\nresnet18,nhwc,9999999,1,5`, 'E1203 2:15'],
    ['a missing field', `${HEADER}\nresnet18,nhwc,224,1024`, 'E1204 2:1'],
    ['a field too many', `${HEADER}\n${ROW},`, 'E1204 2:1'],
    ['an open quote', `${HEADER}\n"resnet18,nhwc,224,1024,5`, 'E1205 2:1'],
    ['text after a quote', `${HEADER}\n"resnet18"x,nhwc,224,1024,5`, 'E1205 2:1'],
    ['another layout', `${HEADER}\nresnet18,channels_last,224,1024,5`, 'E1207 2:10'],
    ['no network', `${HEADER}\n ,nhwc,224,1024,5`, 'E1208 2:2'],
  ])('refuses %s', (_, text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake])
  })

  it('reports every mistake, up to 20', () => {
    expect(mistakesOf(`${HEADER}\n,x,0,0,0`)).toHaveLength(5)
    expect(mistakesOf(`${HEADER}\n${'x,nhwc,1,1,-1\n'.repeat(100)}`)).toHaveLength(20)
  })

  it('has a bound of rows', () => {
    expect(readMeasured(`${HEADER}\n${`${ROW}\n`.repeat(10_000)}`, 't.csv')).toHaveLength(10_000)
    expect(mistakesOf(`${HEADER}\n${`${ROW}\n`.repeat(10_001)}`)).toEqual(['E1206 1:1'])
  })

  it.each([
    ['quotes', '"'],
    ['quotes and letters', '"a'],
    ['commas', ','],
    ['spaces', ' '],
    ['line breaks', '\n'],
    ['letters', 'a'],
    ['nulls', '\0'],
  ])('comes to an end with 4 MB of %s', { timeout: 120_000 }, (_, text) => {
    const hostile = text.repeat(MEASURED_TEXT_LIMIT / text.length)
    expect(mistakesOf(`${HEADER}\n${hostile}`).length).toBeGreaterThan(0)
    expect(mistakesOf(hostile).length).toBeGreaterThan(0)
  })
})
