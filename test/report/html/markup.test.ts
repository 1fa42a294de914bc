import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markup, scriptJson, trusted } from '../../../src/report/html/document.ts'

describe('markup', () => {
  it('escapes what is filled in, and nothing twice', () => {
    const inner = markup`<b>${'<i>'}</b>`
    expect(markup`<p title="${`"'`}">${inner}${[inner, trusted('<br>')]}${3}</p>`.html).toBe(
      '<p title="&quot;&#39;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b><br>3</p>',
    )
  })

  it('shows what would act', () => {
    expect(markup`${'a\u0000\u202eb'}`.html).toBe('a\u2400\ufffdb')
  })
})

describe('scriptJson', () => {
  it('cannot end the script element that it is in, and is the same JSON', () => {
    const value = { '</script>': '<!-- <script> ]]> & \u2028\u2029' }
    expect(scriptJson(value)).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(scriptJson(value))).toEqual(value)
  })

  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(scriptJson(text))).toBe(text)
        expect(scriptJson(text)).not.toMatch(/[<>&\u2028\u2029]/)
      }),
    )
  })
})
