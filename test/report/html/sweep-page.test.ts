import { expect, it } from 'vitest'
import { sweepPage } from '../../../src/report/html/sweep-page.ts'
import { sampleSweep } from '../../support/sweep-sample.ts'

const assets = { script: { text: 'draw()', sha256: 'SCRIPT' }, style: { text: 'p{}', sha256: 'STYLE' } }

it('says what was swept, and how much of it is on the front', () => {
  const data = sampleSweep()
  const page = sweepPage(data, assets)
  const front = data.points.filter(({ pareto }) => pareto).length
  expect(page).toContain('<title>sample.arch: a sweep</title>')
  expect(page).toContain(
    `48 points; no other beats <strong>${front}</strong> of them in time of a step, parameters`,
  )
  expect(sweepPage({ ...data, spec: '<b>' }, assets)).not.toContain('<b>')
})
