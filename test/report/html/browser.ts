import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from '../../support/chromium.ts'

/** Without a browser the tests are skipped on a developer's machine; where all is to be tested, they fail. */
export const browserMissing = findChromium() === undefined && process.env['CI'] !== 'true'

export function launch(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined)
    throw new Error('no chromium: `apt-get install chromium`, or say where one is by CHROMIUM_PATH')
  return chromium.launch({ executablePath })
}

export interface OpenPage {
  readonly page: Page
  /** Addresses that the page asked for beside itself. */
  readonly requests: readonly string[]
  /** What it complained of. */
  readonly problems: readonly string[]
}

const ADDRESS = 'http://report.test/'

/** Serves one page, and nothing else, to a browser of its own. */
export async function openPage(
  browser: Browser,
  text: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const requests: string[] = []
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'log') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.route('**/*', (route) => {
    if (route.request().url() === ADDRESS)
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body: text })
    requests.push(route.request().url())
    return route.abort()
  })
  await page.goto(ADDRESS)
  return { page, requests, problems }
}

export interface Painted {
  /** Pixels of the colour. */
  readonly count: number
  /** The last of them from the top, in pixels of the page; undefined where there is none. */
  readonly at: { readonly x: number; readonly y: number } | undefined
}

/** Where a canvas has a colour of the style sheet, such as `kind-dense`. */
export const painted = (page: Page, canvas: string, variable: string): Promise<Painted> =>
  page.locator(canvas).evaluate((element, name) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('no canvas')
    const probe = document.createElement('span')
    probe.style.color = `var(--${name})`
    document.body.append(probe)
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number)
    probe.remove()
    const { width, height } = element
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    copy?.drawImage(element, 0, 0)
    const data = copy?.getImageData(0, 0, width, height).data ?? []
    let [count, last] = [0, -1]
    for (let at = 0; at < width * height; at++) {
      const off = [red, green, blue].map((value, part) => Math.abs(value - (data[4 * at + part] ?? 0)))
      if (Math.max(...off) > 6 || (data[4 * at + 3] ?? 0) < 200) continue
      count++
      last = at
    }
    const box = element.getBoundingClientRect()
    const scale = box.width / width
    const at = { x: box.left + (last % width) * scale, y: box.top + Math.floor(last / width) * scale }
    return { count, at: count === 0 ? undefined : at }
  }, variable)

/** The picture of a canvas, to compare. */
export const picture = (page: Page, canvas: string): Promise<string> =>
  page
    .locator(canvas)
    .evaluate((element) => (element instanceof HTMLCanvasElement ? element.toDataURL() : ''))

/** Texts of a column of the first table within `place`, from the top. */
export const column = (page: Page, place: string, index: number): Promise<string[]> =>
  page.locator(`${place} tbody tr td:nth-child(${index})`).allInnerTexts()
