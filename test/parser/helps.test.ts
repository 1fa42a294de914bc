import { expect, test } from 'vitest'
import { parseText } from './read.ts'

const helpsIn = (text: string): (string | undefined)[] => parseText(text).diagnostics.map(({ help }) => help)
const inBody = (statements: string): (string | undefined)[] => helpsIn(`block b() {\n${statements}\n}`)

test.each([
  ['outs.append(y)', 'values never change; lists grow by `outs = outs + [item]`'],
  ['outs += [y]', 'lists grow so, too: `outs = outs + [item]`'],
  [
    'print(v)',
    'nothing is printed while a network is built: `archc ir` and `archc analyze --layers` show it',
  ],
  [
    'relu(v)',
    'give it a name and use that (`name = ...`), or return it (`return ...`); parts of a network are `stem = ...`, `stage NAME = ...` and `head = ...`',
  ],
  [
    'a = b\n  [1, 2]',
    'a bracket at the beginning of a line goes on with the line above: give the value a name (`name = ...`) or return it',
  ],
  ['a = [f(y) for y in x]', 'write `[for y in x: f(y)]`'],
  ['a = [y for y in x if y > 1]', 'write `[for y in x if y > 1: y]`'],
  ['a = sum(len(y) for y in x)', 'write `[for y in x: len(y)]`'],
  ['a = [for y in x: y if y > 1]', 'a filter stands before the colon: `[for e in list if condition: value]`'],
  ['a = b if c else d', 'a choice between values is written `if condition { a } else { b }`'],
  ['a = f(b if c else d)', 'a choice between values is written `if condition { a } else { b }`'],
  ['stage s = unit x2', 'write `x 2`'],
  ['input 3, 224, 224', 'sizes are written with `x` between: `input 3 x 224 x 224`'],
])('%s', (statement, help) => expect(inBody(statement)).toEqual([help]))

test.each([
  ['network r {\n  head = relu\n}', 'also without parameters there are brackets: write `network r() {`'],
  ['block r {\n  return x\n}', 'also without parameters there are brackets: write `block r() {`'],
  ['import se from "std/attention"', 'names to import stand in braces: `import { se } from "..."`'],
])('%s', (text, help) => expect(helpsIn(text)).toEqual([help]))

test.each([
  ['c', 'c: int'],
  ['c = 3', 'c: int'],
  ['c = 0.5', 'c: float'],
  ['c = "same"', 'c: string'],
  ['c = true', 'c: bool'],
  ['c = [[1.5]]', 'c: float[][]'],
  ['c = relu', 'c: block'],
])('parameter %s', (parameter, typed) =>
  expect(helpsIn(`block b(${parameter}) { return x -> conv(c) }`)).toEqual([
    `write it behind a colon, for instance \`${typed}\``,
  ]),
)

test('a stage keeps what stands out of order', () => {
  const { module } = parseText('network n() {\nstage s = b stride 2 x 3 with se at r\n}')
  const [declaration] = module.declarations
  const [stage] = declaration?.kind === 'network' ? declaration.body : []
  const [line] = stage?.kind === 'stage' ? stage.lines : []
  expect(line).toMatchObject({ count: { value: 3 }, stride: { value: 2 }, withs: [{ slot: { text: 'r' } }] })
})
