import type { Random } from './random.ts'

const nested = (open: string, close: string, inside: string, depth: number): string =>
  open.repeat(depth) + inside + close.repeat(depth)

/** How much of something: mostly little, and rarely as much as makes a limit act, since that takes the time of hundreds. */
export const much = (random: Random): number =>
  random.skewed(2, random.chance(0.002) ? 20_000 : random.chance(0.05) ? 300 : 40)

export const deepExpressions: readonly ((depth: number) => string)[] = [
  (depth) => nested('(', ')', '1', depth),
  (depth) => nested('[', ']', '1', depth),
  (depth) => nested('-', '', '1', depth),
  (depth) => nested('not ', '', 'true', depth),
  (depth) => nested('if true { ', ' } else { 1 }', '1', depth),
  (depth) => nested('[for e in ', ': e]', '0..2', depth),
  (depth) => nested('max(', ')', '1', depth),
  (depth) => `1${' + 1'.repeat(depth)}`,
  (depth) => `true${' and true'.repeat(depth)}`,
  (depth) => `[1]${'[0]'.repeat(depth)}`,
  (depth) => `x${'.channels'.repeat(depth)}`,
  (depth) => `[${'1, '.repeat(depth)}]`,
  (depth) => `f(${'a: 1, '.repeat(depth)})`,
  (depth) => `conv(1)${'(1)'.repeat(depth)}`,
  (depth) => `1${' == 1'.repeat(depth)}`,
  (depth) => `2${' * 1 // 1'.repeat(depth)}`,
  (depth) => `"${'a'.repeat(depth * 10)}"`,
  (depth) => `0..${'1'.repeat(depth)}`,
]

export const deepStatements: readonly ((depth: number) => string)[] = [
  (depth) => nested('if true { ', ' }', 'z = 1', depth),
  (depth) => nested('for k in 0..2 { ', ' }', 'z = 1', Math.min(depth, 6)),
  (depth) => `if false { }${' else if false { }'.repeat(depth)}`,
  (depth) => 'if true { z = 1 }\n'.repeat(depth),
  (depth) => `z = x${' -> relu'.repeat(depth)}`,
  (depth) => `stage s${depth} = relu x ${depth}`,
  (depth) => 'z = z + 1\n'.repeat(depth),
  (depth) => `l = [1]\n  for a in 0..${depth} { l = l + l }`,
  (depth) => `l = [1]\n  for a in 0..${depth} { l = [l, l] }\n  z = conv(l, 3)`,
  (depth) => `for a in 0..${depth} { z = unknown_name_${depth} }`,
  (depth) => `for a in 0..${depth} { z = conv(a: a, b: 1, q: 2) }`,
  (depth) => `s = "${'s'.repeat(depth * 20)}"\n  for a in 0..9 { for b in 0..9 { z = s + 1 } }`,
  (depth) => `assert false, "${'m'.repeat(depth * 10)}"`,
  (depth) => `stage big = conv(${depth}, 3) x 10000`,
  (depth) => `z = [for a in 0..${depth}: [for b in 0..9: a * b]]`,
  (depth) => `z = concat([for a in 0..${depth}: x])`,
  (depth) => `f = conv\n  for a in 0..${depth} { f = f(1) }`,
  (depth) => `z = x -> split(${depth})`,
  (depth) => `return ${'x, '.repeat(depth)}x`,
]

/** Each block of these calls the next one twice. */
const treeOfBlocks = (depth: number): string =>
  Array.from({ length: depth }, (_, k) => `block d${k}() { return x -> d${k + 1} -> d${k + 1} }`).join('\n') +
  `\nblock d${depth}() { return x }\nnetwork tree() { input 3 x 8 x 8 stem = d0 }`

export const deepDeclarations: readonly ((depth: number) => string)[] = [
  (depth) => Array.from({ length: depth }, (_, k) => `block b${k}() { return x -> b${k + 1} }`).join('\n'),
  (depth) => treeOfBlocks(Math.min(depth, 7)),
  (depth) =>
    `block p(${Array.from({ length: depth }, (_, k) => `p${k}: int = ${k}`).join(', ')}) { return x }`,
  (depth) => `block q(p: int${'[]'.repeat(depth)} = []) { return x }`,
  () => `block w(f: block) { return x -> f(f) }\nnetwork selfish() { input 3 x 8 x 8 stem = w(w) }`,
  (depth) =>
    Array.from({ length: depth }, (_, k) => `network v${k} = ${k === 0 ? 'w' : `v${k - 1}`}()`).join('\n'),
  (depth) => 'network same_name() { input 3 x 8 x 8 stem = relu }\n'.repeat(depth),
  (depth) => Array.from({ length: depth }, (_, k) => `import { a${k} } from "./m${k}"`).join('\n'),
  (depth) => `import { ${'se, '.repeat(depth)}se } from "std/attention"`,
  (depth) => `import { se } from "./${'a/'.repeat(depth)}b"`,
  (depth) => `network ring = ring()\nnetwork r${depth} = r${depth}b()\nnetwork r${depth}b = r${depth}()`,
  () => 'network w = relu()',
  () => 'network w = se()',
  () => 'network w = w2(classes: 3)\nnetwork w2 = nothing()',
  (depth) => `/// ${'doc '.repeat(depth)}\n`.repeat(3),
  (depth) =>
    `block l(s: string = "${'v'.repeat(depth * 5)}") { return x }\nnetwork lw() { input 3 x 8 x 8 ${'stem = l(t: 1) '.repeat(20)} }`,
  (depth) => `block ${'long_'.repeat(depth)}() { return x -> ${'long_'.repeat(depth)} }`,
]

const inLongNetwork = (statements: string): string =>
  `network long_one() {\n  input 3 x 8 x 8\n  ${statements}\n  stem = relu\n}`

/** Networks that run until a limit ends them, which takes the time of some hundred others. */
export const exhausting: readonly ((depth: number) => string)[] = [
  (depth) => treeOfBlocks(20 + (depth % 20)),
  () => inLongNetwork('r = 0..10000\n  for a in r { for b in r { z = 1 } }'),
  (depth) => inLongNetwork(nested('for k in 0..2 { ', ' }', 'z = 1', 20 + (depth % 60))),
  (depth) => inLongNetwork(`z = [for a in 0..${2000 + depth}: [for b in 0..${2000 + depth}: a * b]]`),
]
