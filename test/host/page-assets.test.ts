import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPageAssets } from '../../src/host/package.ts'

describe.each(['analysis', 'sweep'] as const)('the assets of the page %s', (name) => {
  const { script, style } = readPageAssets(name)

  it('have the hashes of their texts', () => {
    for (const { text, sha256 } of [script, style])
      expect(createHash('sha256').update(text, 'utf8').digest('base64')).toBe(sha256)
  })

  it('can stand within their elements, and name no file', () => {
    expect(script.text).not.toMatch(/<\/script|<!--/i)
    expect(style.text).not.toMatch(/<\/style|@import|url\(/i)
    expect(script.text).not.toMatch(/\bimport\(|sourceMappingURL|\beval\(|new Function/)
  })

  it('keep the notice of the library that they hold, and stay small', () => {
    expect(script.text).toMatch(/Chart\.js v[\d.]+[\s\S]*Released under the MIT License/)
    expect(script.text.length).toBeLessThan(256 * 1024)
  })
})

it('the licences that go with the package name the library', () => {
  const licences = readFileSync(new URL('../../dist/THIRD-PARTY-LICENSES.txt', import.meta.url), 'utf8')
  expect(licences).toContain('chart.js 4')
  expect(licences).toContain('@kurkle/color')
})
