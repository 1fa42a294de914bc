import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readLabels } from '../../src/host/images/labels.ts'
import { diagnosed } from '../weights/diagnosed.ts'

test('ImageNet has 1000 classes with names of their own', () => {
  const labels = readLabels(readFileSync('specs/labels/imagenet1k.json', 'utf8'), 'labels')
  expect(labels).toHaveLength(1000)
  expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(1000)
  expect([labels[0], labels[282], labels[967], labels[999]]).toEqual([
    'tench',
    'tiger cat',
    'espresso',
    'toilet tissue',
  ])
})

test.each(['', '{}', '["a", 1]', 'null'])('no labels: %s', (text) => {
  expect(diagnosed(() => readLabels(text, 'l.json'))).toMatchObject({
    code: 'E0706',
    place: { path: 'l.json' },
  })
})
