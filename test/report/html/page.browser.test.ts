import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/analysis/analysis.ts'
import { analysisPage } from '../../../src/report/html/analysis-page.ts'
import { readPageAssets } from '../../../src/host/package.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'
import { browserMissing, column, launch, openPage, painted, picture, type OpenPage } from './browser.ts'

const pageOf = (analysis: Analysis): string => analysisPage(analysis, readPageAssets('analysis'))

/** Number of the layer table's column, from 1. */
const columns = { layer: 2, macs: 7 } as const

const header = (page: Page, title: string) => page.locator('#layers thead th', { hasText: title })

async function hoverOver(page: Page, canvas: string, variable: string): Promise<string> {
  await page.locator(canvas).scrollIntoViewIfNeeded()
  const { at } = await painted(page, canvas, variable)
  if (at === undefined) throw new Error(`${canvas} shows nothing of ${variable}`)
  await page.mouse.move(at.x, at.y)
  return page.locator('#tooltip').innerText()
}

let browser: Browser

describe.skipIf(browserMissing)(
  'the page of an analysis, in a browser (skipped where there is no chromium)',
  () => {
    beforeAll(async () => {
      browser = await launch()
    })
    afterAll(() => browser.close())

    const analysis = sampleAnalysis()
    let open: OpenPage
    let page: Page

    beforeEach(async () => {
      open = await openPage(browser, pageOf(analysis), { colorScheme: 'light' })
      page = open.page
    })
    afterEach(() => page.context().close())

    it('draws every chart, complains of nothing, and fetches nothing', async () => {
      const shown = [
        ['#roofline-chart', 'kind-dense'],
        ['#roofline-chart', 'kind-depthwise'],
        ['#movers-chart', 'kind-norm'],
        ['#stages-chart', 'macs'],
        ['#stages-chart', 'bytes'],
        ['#stages-chart', 'time'],
        ['#memory-chart', 'bytes'],
      ] as const
      for (const [canvas, variable] of shown)
        expect((await painted(page, canvas, variable)).count, `${variable} of ${canvas}`).toBeGreaterThan(20)
      expect((await painted(page, '#roofline-chart', 'kind-norm')).count).toBe(0)
      expect(open.problems).toEqual([])
      expect(open.requests).toEqual([])
    })

    it('is refused by its own policy to fetch anything', async () => {
      const answer = await page.evaluate(() => fetch('http://elsewhere.test/').then(String, () => 'refused'))
      expect(answer).toBe('refused')
      expect(open.requests).toEqual([])
      expect(open.problems.join()).toMatch(/Content Security Policy/)
    })

    it('says what a point is when the pointer is over it, and stops when it leaves', async () => {
      expect(await hoverOver(page, '#roofline-chart', 'kind-dense')).toMatch(/linear, dense[\s\S]*FLOP\/s/)
      await page.mouse.move(2, 2)
      expect(await page.locator('#tooltip').isVisible()).toBe(false)
      expect(await hoverOver(page, '#movers-chart', 'kind-norm')).toMatch(/batch_norm, norm[\s\S]*B\/s/)
      expect(await hoverOver(page, '#stages-chart', 'time')).toMatch(/MACs[\s\S]*bytes[\s\S]*time/)
      expect(await hoverOver(page, '#memory-chart', 'bytes')).toMatch(/forward pass[\s\S]*in use/)
    })

    it('hides and shows the points of a kind', async () => {
      const dense = page.locator('#roofline-legend button', { hasText: 'dense' })
      await dense.click()
      expect(await dense.getAttribute('aria-pressed')).toBe('false')
      expect((await painted(page, '#roofline-chart', 'kind-dense')).count).toBe(0)
      await page.getByText('Dark', { exact: true }).click()
      expect((await painted(page, '#roofline-chart', 'kind-dense')).count).toBe(0)
      await dense.click()
      expect((await painted(page, '#roofline-chart', 'kind-dense')).count).toBeGreaterThan(20)
    })

    it('has a table of all layers, in the order of execution', async () => {
      expect(await column(page, '#layers', columns.layer)).toEqual(analysis.layers.map(({ path }) => path))
      expect(await header(page, '#').getAttribute('aria-sort')).toBe('ascending')
    })

    it('sorts the table by a column, and the other way at the second press', async () => {
      const byTime = [...analysis.layers].sort((a, b) => (b.time?.seconds ?? 0) - (a.time?.seconds ?? 0))
      await header(page, 'Time').getByRole('button').click()
      expect(await header(page, 'Time').getAttribute('aria-sort')).toBe('descending')
      expect(await header(page, '#').getAttribute('aria-sort')).toBeNull()
      expect(await column(page, '#layers', columns.layer)).toEqual(byTime.map(({ path }) => path))
      await header(page, 'Time').getByRole('button').click()
      expect(await header(page, 'Time').getAttribute('aria-sort')).toBe('ascending')
      expect((await column(page, '#layers', columns.layer))[0]).toBe('head.flatten')
    })

    it('sorts by every column', async () => {
      const titles = await page.locator('#layers thead button').all()
      for (const title of titles) {
        await title.click()
        expect(await title.locator('xpath=..').getAttribute('aria-sort')).not.toBeNull()
        expect(await page.locator('#layers tbody tr').count()).toBe(analysis.layers.length)
      }
      expect(open.problems).toEqual([])
    })

    it('sorts from the keyboard, names by their numbers', async () => {
      await header(page, 'Layer').getByRole('button').focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      const names = await column(page, '#layers', columns.layer)
      expect(names.slice(0, 2)).toEqual(['stem.pool', 'stem.norm'])
    })

    it('filters the table by words', async () => {
      await page.getByRole('searchbox').fill('stage2 DEPTHWISE conv')
      const names = await column(page, '#layers', columns.layer)
      expect(names).toEqual([0, 1, 2, 3].map((block) => `stage2.${block}.depthwise`))
      expect(await page.locator('#layers output').innerText()).toBe('4 of 247 layers')
    })

    it('is light and dark, as the system is or as one chooses', async () => {
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const [light, lightChart] = [await ground(), await picture(page, '#roofline-chart')]
      await page.getByText('Dark', { exact: true }).click()
      const [dark, darkChart] = [await ground(), await picture(page, '#roofline-chart')]
      expect(dark).not.toBe(light)
      expect(darkChart).not.toBe(lightChart)
      await page.getByText('System', { exact: true }).click()
      expect([await ground(), await picture(page, '#roofline-chart')]).toEqual([light, lightChart])
      await page.emulateMedia({ colorScheme: 'dark' })
      await expect.poll(ground).toBe(dark)
      await expect.poll(() => picture(page, '#roofline-chart')).toBe(darkChart)
    })

    it('prints light, and returns to what was chosen', async () => {
      await page.getByText('Dark', { exact: true }).click()
      const theme = () => page.evaluate(() => document.documentElement.dataset['theme'])
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
      expect(await theme()).toBe('light')
      await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
      expect(await theme()).toBe('dark')
    })

    it('fits a narrow screen', async () => {
      await page.setViewportSize({ width: 360, height: 800 })
      // The charts follow the window a little later.
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      await expect
        .poll(() =>
          page.locator('#stages-chart').evaluate((element) => element.getBoundingClientRect().width),
        )
        .toBeLessThan(350)
    })
  },
)

describe.skipIf(browserMissing)('pages of other analyses, in a browser', () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  it('has no roofline and no times where no device was asked for', async () => {
    const { page, problems } = await openPage(browser, pageOf(sampleAnalysis({ device: false })))
    expect(await page.locator('#roofline-chart').count()).toBe(0)
    expect(await page.locator('body').innerText()).toContain('No device was asked for')
    expect((await painted(page, '#stages-chart', 'bytes')).count).toBeGreaterThan(20)
    expect((await painted(page, '#stages-chart', 'time')).count).toBe(0)
    expect(await header(page, 'Time').count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('shows the backward pass of training', async () => {
    const { page } = await openPage(browser, pageOf(sampleAnalysis({ mode: 'training' })))
    await page.locator('#memory-chart').scrollIntoViewIfNeeded()
    const box = await page.locator('#memory-chart').boundingBox()
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * 0.9, (box?.y ?? 0) + 150)
    expect(await page.locator('#tooltip').innerText()).toContain('backward pass')
  })

  it('leaves names text, whatever they are', async () => {
    const name =
      '</script><script>window.broken = 1</script><img src=x onerror="window.broken = 1">\u2028&lt;b>'
    const sample = sampleAnalysis()
    const hostile: Analysis = {
      ...sample,
      network: name,
      stages: sample.stages.map((stage) => ({ ...stage, name })),
      layers: sample.layers.map((layer) => ({
        ...layer,
        path: name,
        op: name,
        part: name,
        location: { ...layer.location, file: name },
      })),
    }
    const { page, problems, requests } = await openPage(browser, pageOf(hostile))
    await hoverOver(page, '#roofline-chart', 'kind-dense')
    await page.getByRole('searchbox').fill('onerror')
    const shown = name.replace('\u2028', '\ufffd')
    expect(await page.locator('h1').innerText()).toBe(shown)
    expect(await page.title()).toBe(`${shown}: what it costs`)
    expect(await page.locator('#stages-table tbody th').first().innerText()).toBe(shown)
    expect(await page.locator('#layers td').nth(1).textContent()).toBe(shown)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.evaluate(() => 'broken' in window)).toBe(false)
    expect([problems, requests]).toEqual([[], []])
  })

  it('shows MACs of fixed filters, which no total has, in parentheses', async () => {
    const sample = sampleAnalysis()
    const [first, ...rest] = sample.layers
    const blurred = [{ ...first!, macs: 0, fixed_macs: 5_000_000 }, ...rest]
    const { page } = await openPage(browser, pageOf({ ...sample, layers: blurred, fixed_macs: 5_000_000 }))
    expect((await column(page, '#layers', columns.macs))[0]).toBe('(5.00)')
    expect(await page.locator('body').innerText()).toContain('In parentheses')
  })

  it('reads without a script', async () => {
    const { page } = await openPage(browser, pageOf(sampleAnalysis()), { javaScriptEnabled: false })
    expect(await page.locator('#stages-table tbody tr').count()).toBe(6)
    expect(await page.locator('#stages-table').isVisible()).toBe(true)
    expect(await page.locator('.figures').innerText()).toContain('Images a second')
    expect(await page.locator('canvas:visible').count()).toBe(0)
    expect(await page.locator('.theme').isVisible()).toBe(false)
    expect(await page.locator('body').innerText()).toContain('need JavaScript')
  })

  it('manages ten thousand layers', async () => {
    const sample = sampleAnalysis()
    const layers = Array.from({ length: 41 }, () => sample.layers).flat()
    const timeline = Array.from({ length: 41 }, () => sample.memory.timeline).flat()
    const large = { ...sample, layers, memory: { ...sample.memory, timeline } }
    const { page, problems } = await openPage(browser, pageOf(large))
    expect(await page.locator('#layers tbody tr').count()).toBe(400)
    await page.getByRole('button', { name: 'Show 1,000 more' }).click()
    expect(await page.locator('#layers tbody tr').count()).toBe(1400)
    await page.getByRole('searchbox').fill('stem.conv')
    expect(await page.getByRole('button', { name: /more$/ }).isVisible()).toBe(false)
    expect((await painted(page, '#roofline-chart', 'kind-dense')).count).toBeGreaterThan(20)
    expect(problems).toEqual([])
  })

  it('does without layers', async () => {
    const sample = sampleAnalysis()
    const memory = { peak: 0, peak_layer: -1, parts: [], timeline: [] }
    const { page, problems } = await openPage(browser, pageOf({ ...sample, layers: [], stages: [], memory }))
    expect(await page.locator('#layers output').innerText()).toBe('0 of 0 layers')
    expect(problems).toEqual([])
  })
})
