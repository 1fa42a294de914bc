import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { MAX_LIST } from '../../src/elaborate/arithmetic.ts'
import { MAX_DIAGNOSTICS } from '../../src/diagnostics/diagnose.ts'
import { MAX_CHECK_STEPS, MAX_DEPTH, MAX_STEPS } from '../../src/elaborate/place.ts'
import { MAX_DECLARATIONS, MAX_VARIANTS } from '../../src/elaborate/declarations.ts'
import { MAX_BLOCK_DEPTH, MAX_OPERATORS } from '../../src/ir/limits.ts'
import { MAX_NAME, MAX_NESTING, MAX_SOURCE_LENGTH, MAX_TREE_DEPTH } from '../../src/parser/limits.ts'
import { MAX_MODULES, MAX_PROGRAM_LENGTH } from '../../src/project/load.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { helpers } from '../../src/elaborate/helpers.ts'
import { typeNames } from '../../src/elaborate/values.ts'
import { chapters } from '../../src/ir/ops/definition.ts'
import { operatorOf, opNamesInOrder, spellings } from '../../src/ir/ops/index.ts'
import { loadProgram } from '../../src/project/load.ts'
import { analysisText } from '../../src/report/text.ts'
import { hostOf } from '../support/host.ts'
import { archOf, codesOf, diagnosticsOf, snippetsOf } from './snippets.ts'

const text = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8')
const page = snippetsOf(text)
const arch = archOf(page)

describe('docs/language.md', () => {
  it.each(arch.map((snippet) => [snippet.line, snippet] as const))(
    'line %i compiles as it says',
    (_, snippet) => {
      const diagnostics = diagnosticsOf(snippet, arch)
      if (snippet.error === undefined) expect(codesOf(diagnostics)).toEqual([])
      else expect(diagnostics.map(({ code }) => code)).toEqual([snippet.error])
    },
  )

  it('states the limits as they are', () => {
    const section = text.slice(text.indexOf('## Limits'), text.indexOf('## Snippets'))
    const stated = [...section.matchAll(/\| ([\d,]+) +\|$/gm)].map((match) =>
      Number(match[1]?.replaceAll(',', '')),
    )
    expect(stated).toEqual([
      ...[MAX_SOURCE_LENGTH, MAX_PROGRAM_LENGTH, MAX_NAME, MAX_NESTING, MAX_TREE_DEPTH],
      ...[MAX_MODULES, MAX_DECLARATIONS, MAX_BLOCK_DEPTH, MAX_DEPTH, MAX_VARIANTS],
      ...[1000, MAX_LIST, MAX_OPERATORS, MAX_STEPS, MAX_CHECK_STEPS, MAX_DIAGNOSTICS],
    ])
  })

  it('builds every block that it shows', () => {
    const unused = arch.filter(
      (one) =>
        !one.isStatements && !/^network /m.test(one.text) && one.use === undefined && one.file === undefined,
    )
    expect(unused.map(({ line }) => line)).toEqual([])
  })

  it.each([
    ['regnety_400mf', 4_344_144],
    ['resnext50_32x4d', 25_028_904],
  ])('has a recipe of %s with %i parameters, as timm and torchvision count them', (network, parameters) => {
    const recipe = arch.find((one) => one.text.includes(`network ${network}`))
    const { graph } = elaborate(loadProgram('recipe.arch', hostOf({ 'recipe.arch': recipe?.text ?? '' })), {
      network,
    })
    expect(graph && analyze(graph).parameters).toBe(parameters)
  })

  it('shows reports as archc prints them, and every operator (vitest -u writes them anew)', async () => {
    const shown = text.replace(/(?<=^```text analyze=(\w+)\n).*?(?=^```$)/gms, (_, network: string) =>
      report(network),
    )
    await expect(withOperators(shown)).toMatchFileSnapshot('../../docs/language.md')
  })

  it('names every operator, helper and type', () => {
    for (const name of [...spellings.keys(), ...helpers.keys(), ...typeNames])
      expect(text, name).toMatch(new RegExp(`\`${name}\\b`))
  })
})

/** The list of operators, a line a chapter. */
function withOperators(shown: string): string {
  const lines = chapters.map((chapter) => {
    const ops = opNamesInOrder.map(operatorOf).filter(({ reference }) => reference.chapter === chapter)
    const names = ops.flatMap(({ spellings }) => spellings.map(({ name }) => `\`${name}\``))
    return `- ${chapter}: ${names.join(', ')}.`
  })
  return shown.replace(/(?<=^<!-- operators -->\n\n).*?(?=^`linear` takes)/ms, `${lines.join('\n')}\n\n`)
}

function report(network: string): string {
  const files = Object.fromEntries(arch.map((one) => [one.file ?? '', one.text]))
  const { graph } = elaborate(loadProgram('pebble.arch', hostOf(files)), { network })
  if (graph === undefined) throw new Error(`${network} cannot be built`)
  return analysisText(analyze(graph))
}
