import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/analysis/analysis.ts'
import { analysisPage } from '../../../src/report/html/analysis-page.ts'
import type { PageAssets } from '../../../src/report/html/document.ts'
import { analysisJson } from '../../../src/report/json.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'

const assets: PageAssets = {
  script: { text: 'draw()', sha256: 'SCRIPT' },
  style: { text: 'p{}', sha256: 'STYLE' },
}
const pageOf = (analysis: Analysis): string => analysisPage(analysis, assets).replaceAll('\u00a0', ' ')

describe('analysisPage', () => {
  const analysis = sampleAnalysis()
  const page = pageOf(analysis)

  it('allows its own script and style by their hashes, and nothing else', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
    expect(policy?.split('; ')).toEqual([
      'default-src &#39;none&#39;',
      'script-src &#39;sha256-SCRIPT&#39;',
      'style-src &#39;sha256-STYLE&#39;',
      'img-src data:',
      'base-uri &#39;none&#39;',
      'form-action &#39;none&#39;',
    ])
    expect(page).toContain('<script>draw()</script>')
    expect(page).toContain('<style>p{}</style>')
    expect(page).not.toMatch(/ style="| on\w+="|src="|https?:(?!\/\/www\.w3\.org)/)
  })

  it('holds the JSON report', () => {
    const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
    expect(JSON.parse(data)).toEqual(analysisJson(analysis))
  })

  it('says what was analysed, and how far off predictions are', () => {
    expect(page).toContain('<html lang="en">')
    expect(page).toContain('<title>sample: what it costs</title>')
    expect(page).toContain('Inference of batches of 64 images of 3 × 224 × 224 as the eager engine runs it')
    expect(page).toContain('predicted; median error 8.0 %')
    expect(page).toContain('8.0 % (median)')
  })

  it('says how many layers the roofline has no place for, and their share of the time', () => {
    const without = analysis.layers.filter(
      ({ intensity, time }) => intensity === 0 && (time?.seconds ?? 0) > 0,
    )
    const share = without.reduce((sum, { time }) => sum + (time?.share ?? 0), 0)
    expect(page).toContain(
      `${without.length} layers, ${(100 * share).toFixed(1)} % of the time. Their intensity is 0`,
    )
    expect(page).toContain('Not drawn: 1 layer that takes no time of its own')
  })

  it('has the stages as a table, with their total', () => {
    const [, body = ''] = /<table class="numbers" id="stages-table">(.*?)<\/table>/s.exec(page) ?? []
    expect(body.match(/<th scope="row"/g)).toHaveLength(analysis.stages.length + 1)
    expect(body).toContain('<th scope="row" class="text">stage3</th><td class="text">256 × 14 × 14</td>')
    expect(body).toContain('Share of time')
  })

  it('does without a device', () => {
    const bare = pageOf(sampleAnalysis({ device: false }))
    expect(bare).toContain('<code>--device NAME</code>')
    expect(bare).not.toMatch(/roofline-chart|Share of time|Images a second/)
  })

  it('says where the peak is, and what the device has', () => {
    expect(page).toContain('reached in <code>stem.norm</code>.')
    expect(page).toContain('16.0 GB less 500 MB')
    expect(page).toContain('The device&rsquo;s memory lies far above the chart.')
    expect(pageOf(sampleAnalysis({ mode: 'training' }))).toContain('(backward pass)')
    expect(pageOf(withMemory({ peak_layer: -1 }))).toContain('reached before the first layer')
    const small = { bytes: 5e8, reserved: 1e8, largest_batch: 0 }
    expect(pageOf(withMemory({ device: small }))).toContain('Not even one image fits.')
    expect(pageOf(withMemory({ device: small }))).not.toContain('far above the chart')
  })

  function withMemory(memory: Partial<Analysis['memory']>): Analysis {
    return { ...analysis, memory: { ...analysis.memory, ...memory } }
  }

  it('escapes names in every place', () => {
    const name = `</script><b a="'">`
    const hostile = pageOf({
      ...analysis,
      network: name,
      run: { ...analysis.run, engine: name },
      throughput: { ...analysis.throughput!, title: name },
      stages: analysis.stages.map((stage) => ({ ...stage, name })),
      layers: analysis.layers.map((layer) => ({ ...layer, path: name, op: name })),
      memory: { ...analysis.memory, parts: [{ name, bytes: 1 }] },
    })
    expect(hostile).not.toContain('<b a=')
    expect(hostile.match(/<\/script>/g)).toHaveLength(2)
  })
})
