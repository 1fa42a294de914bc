import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isIgnored, officialName, sameNames, readNameMap } from '../../src/weights/name-map.ts'
import { diagnosed, orDiagnosed } from './diagnosed.ts'

const mapOf = (rules: readonly (readonly [from: string, to: string])[], ignore: readonly string[] = []) =>
  readNameMap(JSON.stringify({ rules: rules.map(([from, to]) => ({ from, to })), ignore }), 'n.json')
const rename = (rules: readonly (readonly [from: string, to: string])[], path: string) =>
  officialName(mapOf(rules), path, 'weight').replace(/\.weight$/, '')

describe('a rule', () => {
  test.each([
    ['layer{s}.{b}.conv1', 'body.layer{s}.{b}.conv1.0', 'layer3.12.conv1', 'body.layer3.12.conv1.0'],
    ['stage{s}.{b}.norm', 'blocks.{s-1}.{b}.bn', 'stage1.0.norm', 'blocks.0.0.bn'],
    ['stage{s}.x', 'stages.{s*2-2}.x', 'stage4.x', 'stages.6.x'],
    ['s{s}', '{s*3} {s+10}', 's007', '21 17'],
    ['{a}_{b}', '{b}_{a}', 'x_y_z', 'y_z_x'],
    ['a{x}b{y}c', '{x}|{y}', 'aabbcbc', 'a|bcb'],
    ['{slot}.reduce', 'se.fc1', 'anything.reduce', 'se.fc1'],
  ])('%s -> %s', (from, to, path, official) => expect(rename([[from, to]], path)).toBe(official))

  test.each([
    ['layer{s}.conv', 'layer.conv'],
    ['layer{s}.conv', 'layer1.0.conv'],
    ['layer{s}', 'xlayer1'],
    ['{a}b', 'b'],
    ['a{x}ba', 'aba'],
    ['conv', 'conv1'],
  ])('%s does not match %s', (from, path) => expect(rename([[from, 'no']], path)).toBe(path))

  test('computes with numbers only, and never below zero', () => {
    expect(rename([['s{n}', 'x{n-1}']], 's0')).toBe('s0')
    expect(rename([['s{n}', 'x{n-1}']], 'stem')).toBe('stem')
    expect(rename([['s{n}', 'x{n}']], 'stem')).toBe('xtem')
  })

  test('before others wins', () => {
    const rules = [
      ['a.{b}', 'first.{b}'],
      ['a.x', 'second'],
    ] as const
    expect(rename(rules, 'a.x')).toBe('first.x')
  })
})

test('names are ignored by pattern', () => {
  const map = mapOf([], ['*.num_batches_tracked', 'a*b*c', 'exact'])
  const ignored = (key: string) => isIgnored(map, key)
  expect(['x.y.num_batches_tracked', 'abc', 'a.b.bc', 'exact'].every(ignored)).toBe(true)
  expect(['num_batches_tracked', 'ac', 'abcd', 'ab', 'exactly'].some(ignored)).toBe(false)
  expect(isIgnored(sameNames, 'bn.num_batches_tracked')).toBe(true)
})

describe('a map is refused', () => {
  test.each([
    ['{', 'E0614', 'valid JSON'],
    ['[]', 'E0614', 'an object'],
    ['{"rule": []}', 'E0614', '`rule` must be one of'],
    ['{"rules": {}}', 'E0614', '`rules` must be a list'],
    ['{"rules": [3]}', 'E0614', 'rules[0] must be an object'],
    ['{"rules": [{"from": "a"}]}', 'E0614', 'rules[0].to must be a string'],
    ['{"rules": [{"from": "a", "to": "b", "too": "c"}]}', 'E0614', 'alone'],
    ['{"ignore": [1]}', 'E0614', 'ignore[0] must be a string'],
  ])('%s', (text, code, message) => {
    const diagnostic = diagnosed(() => readNameMap(text, 'n.json'))
    expect(diagnostic).toMatchObject({ code, place: { path: 'n.json' } })
    expect(diagnostic.message).toContain(message)
  })

  test.each([
    ['a..b', 'x', 'empty part'],
    ['a{b', 'x', 'partner'],
    ['a}b{', 'x', 'partner'],
    ['{}', 'x', 'plain name'],
    ['{a b}', 'x', 'plain name'],
    ['{a}.{a}', 'x', 'captured twice'],
    ['{a}{b}', 'x', 'side by side'],
    ['{a}', '{a', 'partner'],
    ['{a}', '{a/2}', '`{name*2-2}`'],
    ['{a}', '{b}', 'does not capture'],
  ])('%s -> %s', (from, to, message) => {
    const diagnostic = diagnosed(() => mapOf([[from, to]]))
    expect(diagnostic.code).toBe('E0615')
    expect(diagnostic.message).toContain(message)
  })

  test('and any JSON is read or diagnosed', () => {
    const rules = fc.record({ from: fc.string(), to: fc.string() })
    const map = fc.record({ rules: fc.array(rules), ignore: fc.array(fc.string()) })
    fc.assert(
      fc.property(fc.oneof(map, fc.jsonValue()), fc.string(), (json, path) => {
        const names = orDiagnosed(() => readNameMap(JSON.stringify(json), 'n.json'))
        if (names !== undefined) officialName(names, path, 'weight')
      }),
    )
  })
})

test('matching takes linear time where backtracking would take forever', () => {
  const from = Array.from({ length: 20 }, (_, index) => `{c${index}}`).join('a')
  expect(rename([[from, 'no']], `${'a'.repeat(50_000)}b.c`)).toHaveLength(50_003)
  expect(isIgnored(mapOf([], ['*a'.repeat(50)]), `${'a'.repeat(100_000)}b`)).toBe(false)
})

describe('the maps of archc', () => {
  const isValid = new Ajv2020().compile(
    JSON.parse(readFileSync('specs/schemas/names.schema.json', 'utf8')) as object,
  )
  test.each(readdirSync('specs/names'))('%s follows the schema', (file) => {
    const text = readFileSync(`specs/names/${file}`, 'utf8')
    expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true)
    expect(readNameMap(text, file).rules.length).toBeGreaterThan(0)
  })
})
