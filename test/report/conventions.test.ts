import { describe, expect, it } from 'vitest'
import { conventionNamed } from '../../src/analysis/conventions/index.ts'
import { summarizeConvention } from '../../src/analysis/conventions/count.ts'
import { readClaim, reconcile } from '../../src/analysis/reconcile/reconcile.ts'
import { conventionJson, conventionText } from '../../src/report/conventions.ts'
import { reconcileJson, reconcileText } from '../../src/report/reconcile.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'
import { networkGraph } from '../networks/support.ts'

const graph = networkGraph('tresnet_m')
const summaryOf = (name: string) => summarizeConvention(graph, conventionNamed(name, graph) ?? expect.fail())

const longest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

describe('conventionText', () => {
  it.each(['archc', 'thop'])('shows what %s counts', async (name) => {
    await expect(conventionText(summaryOf(name), { width: 100 })).toMatchFileSnapshot(
      `golden/convention-${name}.txt`,
    )
  })

  it('lists the layers that count on demand', () => {
    const text = conventionText(summaryOf('thop'), { layers: true })
    expect(text).toContain('layer1.0.conv1')
    expect(text).not.toContain('layer1.0.relu1')
  })

  it.each([60, 80, 120])('keeps within %d columns', (width) => {
    expect(longest(conventionText(summaryOf('ptflops'), { layers: true, width }))).toBeLessThanOrEqual(width)
  })

  it('colours on demand only', () => {
    expect(conventionText(summaryOf('torch'))).not.toContain('\u001b')
    expect(conventionText(summaryOf('torch'), { color: true })).toContain('\u001b')
  })

  it('lets no control character of a name through', () => {
    expect(conventionText({ ...summaryOf('torch'), network: '\u001b[31m' })).not.toContain('\u001b')
  })
})

describe('conventionJson', () => {
  it('has totals and where they come from', () => {
    const json = conventionJson(summaryOf('torch'))
    expect(json).toMatchObject({
      archc_convention: 1,
      network: 'tresnet_m',
      macs: 5_734_965_248,
      convention: { name: 'torch', calls: 'FLOPs', per_mac: 2, total: 2 * (5_734_965_248 + 1_580_544) },
    })
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
    expect(json.operators.reduce((sum, { amount }) => sum + amount, 0)).toBe(json.convention.total)
  })
})

const explained = (figure: string) =>
  reconcile({ input: [3, 224, 224], graph }, readClaim(figure) ?? expect.fail(), [])

describe('reconcileText', () => {
  it.each(['5.5', '5.7', '123'])('tells what %s may count', async (figure) => {
    const text = reconcileText(explained(figure), { width: 100 })
    await expect(text).toMatchFileSnapshot(`golden/reconcile-${figure}.txt`)
  })

  it('names the operators that make the difference', () => {
    expect(reconcileText(explained('5.5'))).toMatch(/layer2\.0\.downsample\S* \([\d,]+\)/)
  })

  it('warns that agreement by several departures may be chance', () => {
    expect(reconcileText(explained('5.5'))).toContain('chance')
    expect(reconcileText(explained('5.7'))).not.toContain('chance')
    expect(reconcileText(explained('123'))).toContain('Nothing')
  })

  it.each([60, 80])('keeps within %d columns', (width) => {
    expect(longest(reconcileText(explained('5.5'), { width }))).toBeLessThanOrEqual(width)
  })

  it('lets no control character through', () => {
    const found = explained('5.5')
    const text = reconcileText({ ...found, network: '\u001b', claim: { ...found.claim, text: '\u001b' } })
    expect(text).not.toContain('\u001b')
  })

  it('has a form for programs', () => {
    const small = reconcile({ input: [3, 32, 24], graph: smallGraph() }, readClaim('53840') ?? expect.fail())
    const json = reconcileJson(small)
    expect(json).toMatchObject({ archc_reconciliation: 1, network: 'small', own: 53_840 })
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
  })
})
