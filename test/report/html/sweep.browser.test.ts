import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SweepData, sweepPage } from '../../../src/report/html/sweep-page.ts'
import { readPageAssets } from '../../../src/host/package.ts'
import { sampleSweep } from '../../support/sweep-sample.ts'
import { browserMissing, column, launch, openPage, painted, picture, type OpenPage } from './browser.ts'

const pageOf = (data: SweepData): string => sweepPage(data, readPageAssets('sweep'))
const CANVAS = '#pareto-chart'

describe.skipIf(browserMissing)(
  'the page of a sweep, in a browser (skipped where there is no chromium)',
  () => {
    const data = sampleSweep()
    let browser: Browser
    let open: OpenPage
    let page: Page

    beforeAll(async () => {
      browser = await launch()
    })
    afterAll(() => browser.close())
    beforeEach(async () => {
      open = await openPage(browser, pageOf(data))
      page = open.page
    })
    afterEach(() => page.context().close())

    it('draws the front, complains of nothing, and fetches nothing', async () => {
      expect((await painted(page, CANVAS, 'accent')).count).toBeGreaterThan(500)
      expect(open.problems).toEqual([])
      expect(open.requests).toEqual([])
    })

    it('says the settings of the point below the pointer', async () => {
      const { at } = await painted(page, CANVAS, 'accent')
      if (at === undefined) throw new Error('no point')
      await page.mouse.move(at.x, at.y - 3)
      expect(await page.locator('#tooltip').innerText()).toMatch(
        /^width = 0\.5, se\.reduction = \d+\n[\s\S]*Parameters/,
      )
    })

    it('shows other values, in the direction in which they are better', async () => {
      const [keys, better] = [
        page.getByLabel('Horizontal axis', { exact: true }),
        page.getByLabel('Better on the horizontal axis'),
      ]
      const first = await picture(page, CANVAS)
      await keys.selectOption('macs')
      expect(await better.inputValue()).toBe('less')
      const second = await picture(page, CANVAS)
      expect(second).not.toBe(first)
      await better.selectOption('more')
      expect(await picture(page, CANVAS)).not.toBe(second)
      await keys.selectOption('parameters')
      expect(await better.inputValue()).toBe('more')
      expect(await keys.locator('option').allInnerTexts()).toEqual([
        'Time of a step',
        'Parameters',
        'MACs an image',
        'Bytes an image',
      ])
    })

    it('lists the points, sorted by the first objective, settings by their numbers', async () => {
      const times = (await column(page, '#points', 3)).map(Number)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      await page.locator('#points thead button', { hasText: 'se.reduction' }).click()
      expect((await column(page, '#points', 2)).slice(0, 17)).toEqual([...Array<string>(16).fill('16'), '8'])
    })

    it('is light and dark', async () => {
      await page.getByText('Light', { exact: true }).click()
      const light = await picture(page, CANVAS)
      await page.getByText('Dark', { exact: true }).click()
      expect(await picture(page, CANVAS)).not.toBe(light)
    })

    it('leaves names text, and does without points', async () => {
      const name = '</script><img src=x onerror="window.broken = 1">'
      const [point] = data.points
      const hostile = {
        spec: name,
        objectives: [name],
        points: [{ ...point!, settings: { [name]: name }, values: { [name]: 1 } }],
      }
      for (const text of [pageOf(hostile), pageOf({ spec: 'a', objectives: [], points: [] })]) {
        const other = await openPage(browser, text)
        expect(await other.page.locator('img').count()).toBe(0)
        expect([other.problems, other.requests]).toEqual([[], []])
      }
    })
  },
)
