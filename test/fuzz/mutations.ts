import { deepDeclarations, deepExpressions, deepStatements, exhausting, much } from './deep.ts'
import type { Random } from './random.ts'

/** Changes a text; `other` gives another program, to take from. Some grow it much, so that limits are met. */
export type Mutation = (text: string, random: Random, other: () => string) => string

const TOKEN =
  /\/\/\/[^\n]*|#[^\n]*|"(?:[^"\\\n]|\\.)*"?|[A-Za-z_]\w*|\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?|->|\.\.|[=!<>]=|\/\/|\s+|[^]/g

const tokensOf = (text: string): string[] => text.match(TOKEN) ?? []
const isBlank = (token: string): boolean => token.trim() === ''
const isName = (token: string): boolean => /^[A-Za-z_]\w*$/.test(token)
const isNumber = (token: string): boolean => /^\d/.test(token)

/** Changes one token that fits, if there is one. */
const changing =
  (fits: (token: string) => boolean, change: (token: string, random: Random) => string): Mutation =>
  (text, random) => {
    const tokens = tokensOf(text)
    const places = tokens.flatMap((token, index) => (fits(token) ? [index] : []))
    if (places.length === 0) return text
    const at = random.pick(places)
    tokens[at] = change(tokens[at] ?? '', random)
    return tokens.join('')
  }

const onLines =
  (change: (lines: string[], at: number, random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n')
    change(lines, random.int(0, lines.length - 1), random)
    return lines.join('\n')
  }

/** Puts a text where a token ends. */
const inserting =
  (make: (random: Random) => string): Mutation =>
  (text, random) => {
    const tokens = tokensOf(text)
    tokens.splice(random.int(0, tokens.length), 0, make(random))
    return tokens.join('')
  }

/** Puts a statement at the end of a body, or the beginning of one. */
const addingStatement =
  (make: (random: Random) => string): Mutation =>
  (text, random) => {
    const bodies = [...text.matchAll(/\{[^\n{}]*\n|\n\}/g)].map(({ index, 0: found }) =>
      found === '\n}' ? index : index + found.length,
    )
    const at = bodies.length === 0 ? text.length : random.pick(bodies)
    return `${text.slice(0, at)}\n  ${make(random)}\n${text.slice(at)}`
  }

const vocabulary = [
  ...'import from network block stage stem head input metadata if else for in assert return true false and or not x'.split(
    ' ',
  ),
  ...'stride with at slot as i n none conv linear relu concat split add mul reshape slice pad batch_norm abn'.split(
    ' ',
  ),
  ...'( ) [ ] { } , : = == != < <= > >= + - * / // % -> .. . ; ** @ & ? | \\ ~ ` $ ! => :: ++ && || "" \'a\''.split(
    ' ',
  ),
  ...'0 1 2 -1 3.5 1e-3 1e400 9007199254740993 "same" "std/attention" int float bool string activation tensor int[]'.split(
    ' ',
  ),
]

const foreign = [
  'self.conv1 = nn.Conv2d(3, 64, kernel_size=3)',
  'x = conv(3, 3);',
  'def forward(self, x):',
  '// a comment',
  '/* a comment */',
  'let y = 3',
  'y := 3',
  'x |> relu',
  'y = x.view(-1, 10)',
  'if (a) { } else { }',
  'from torch import nn',
  'x = x ** 2',
  'y = lambda v: v',
  'y = a ? b : c',
  'for i in range(10): pass',
  'while true { }',
  'y += 1',
  '{% raw %}',
  'print("x")',
  'return',
  'class A(nn.Module):',
]

const characters = [
  '\0',
  '\u0007',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\u2028',
  '\u2066',
  '\ufeff',
  '\ufffd',
  '\ud800',
  '\udfff',
  '\u{1f600}',
  'é',
  'e\u0301',
  'ﬀ',
  '→',
  '–',
  '“',
  '”',
  '×',
  '−',
  'ａ',
  '\t',
  '\v',
  '\f',
  '\r',
  '中',
]

const hugeNumbers = [
  '0',
  '00',
  '1000',
  '10000',
  '65536',
  '65537',
  '1000000',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '1e15',
  '1e300',
  '1e400',
  '1e-400',
  '0.1',
  '.5',
  '5.',
  '1__0',
  '0x10',
  '1_000_000_000_000',
  '-1',
]

/** By name, so that a finding says what was done. */
export const mutations: Readonly<Record<string, Mutation>> = {
  deleteToken: changing(
    (token) => !isBlank(token),
    () => '',
  ),
  duplicateToken: changing(
    (token) => !isBlank(token),
    (token) => `${token} ${token}`,
  ),
  replaceToken: changing(
    (token) => !isBlank(token),
    (_, random) => random.pick(vocabulary),
  ),
  insertToken: inserting((random) => ` ${random.pick(vocabulary)} `),
  swapTokens: (text, random) => {
    const tokens = tokensOf(text)
    const [a, b] = [random.int(0, tokens.length - 1), random.int(0, tokens.length - 1)]
    ;[tokens[a], tokens[b]] = [tokens[b] ?? '', tokens[a] ?? '']
    return tokens.join('')
  },
  moveToken: (text, random) => {
    const tokens = tokensOf(text)
    const [token = ''] = tokens.splice(random.int(0, tokens.length - 1), 1)
    tokens.splice(random.int(0, tokens.length), 0, token)
    return tokens.join('')
  },
  repeatToken: changing(
    (token) => !isBlank(token),
    (token, random) => `${token} `.repeat(much(random)),
  ),
  misspell: changing(isName, (name, random) => {
    const at = random.int(0, name.length - 1)
    return random.pick([
      name.slice(0, at) + name.slice(at + 1),
      name.slice(0, at) + 'q' + name.slice(at),
      name.slice(0, at) + (name[at + 1] ?? '_') + (name[at] ?? '') + name.slice(at + 2),
      name.toUpperCase(),
    ])
  }),
  swapNames: (text, random) => {
    const names = tokensOf(text).filter(isName)
    return names.length === 0 ? text : changing(isName, () => random.pick(names))(text, random, () => '')
  },
  retype: changing(
    (token) => isNumber(token) || token.startsWith('"') || token === 'true' || token === 'false',
    (_, random) =>
      random.pick([
        '1',
        '1.5',
        '"a"',
        'true',
        '[1]',
        '[]',
        'none',
        'relu',
        'x',
        '[x]',
        '0..3',
        '-2',
        '[[1], 2]',
      ]),
  ),
  number: changing(isNumber, (_, random) => random.pick(hugeNumbers)),
  nearNumber: changing(isNumber, (token, random) =>
    String(Number(token.replaceAll('_', '')) + random.pick([-2, -1, 1, 2, 0.5])),
  ),
  digits: changing(isNumber, (token, random) => token + '0'.repeat(much(random))),
  removeArgument: (text, random) => {
    const places = [...text.matchAll(/, [^,()[\]{}\n]+|\([^,()[\]{}\n]+(?=[,)])/g)]
    if (places.length === 0) return text
    const { index, 0: found } = random.pick(places)
    return text.slice(0, index) + (found.startsWith('(') ? '(' : '') + text.slice(index + found.length)
  },
  addArgument: (text, random) => {
    const places = [...text.matchAll(/\(/g)]
    if (places.length === 0) return text
    const { index } = random.pick(places)
    const more = random.pick([
      '1, ',
      'kernel: 3, ',
      'x, ',
      'nope: 1, ',
      '[1, 2], ',
      ', ',
      'stride: 0, ',
      'channels: -1, ',
    ])
    return text.slice(0, index + 1) + more + text.slice(index + 1)
  },
  deleteLine: onLines((lines, at) => lines.splice(at, 1)),
  duplicateLine: onLines((lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  repeatLine: onLines((lines, at, random) =>
    lines.splice(at, 0, ...Array<string>(much(random)).fill(lines[at] ?? '')),
  ),
  swapLines: onLines((lines, at, random) => {
    const other = random.int(0, lines.length - 1)
    ;[lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? '']
  }),
  joinLines: (text, random) =>
    random.chance(0.5) ? text.replaceAll('\n', ' ') : text.replaceAll(/ +/g, '\n'),
  blankLines: onLines((lines, at, random) =>
    lines.splice(at, 0, '\n'.repeat(much(random) * (random.chance(0.1) ? 20 : 1))),
  ),
  splice: (text, random, other) => {
    const another = other()
    const [a, b] = [random.int(0, text.length), random.int(0, another.length)]
    return random.chance(0.5) ? text.slice(0, a) + another.slice(b) : `${text}\n${another}`
  },
  takeLine: (text, random, other) => {
    const line = random.pick(other().split('\n'))
    return onLines((lines, at) => lines.splice(at, 0, line))(text, random, () => '')
  },
  swapDeclarations: (text, random) =>
    random.shuffled(text.split(/^(?=\S*(?:network|block|import)\b)/m)).join(''),
  deleteDeclaration: (text, random) => {
    const parts = text.split(/^(?=(?:network|block|import)\b)/m)
    parts.splice(random.int(0, parts.length - 1), 1)
    return parts.join('')
  },
  unclosed: inserting((random) =>
    random.pick(['(', '[', '{', '"', '"""', '#', '///', '((((', '{ {', '[(', ')', ']', '}']),
  ),
  deleteBrackets: (text, random) =>
    text.replaceAll(random.pick(['(', ')', '{', '}', '[', ']']), () => (random.chance(0.5) ? '' : ' ')),
  deepExpression: changing(
    (token) => isNumber(token) || isName(token),
    (_, random) => random.pick(deepExpressions)(much(random)),
  ),
  deepStatement: addingStatement((random) => random.pick(deepStatements)(much(random))),
  deepDeclaration: (text, random) => `${text}\n${random.pick(deepDeclarations)(much(random))}\n`,
  exhaust: (text, random) => `${text}\n${random.pick(exhausting)(much(random))}\n`,
  deepPipe: (text, random) => {
    const step = random.pick([
      ' -> relu',
      ' -> conv(4, 3)',
      ' -> (relu)',
      ' -> none',
      ' -> x',
      ' -> f(1)',
      ' -> slot s',
      ' as y',
    ])
    return changing(
      (token) => token === '->',
      () => `${step.repeat(much(random))} ->`,
    )(text, random, () => '')
  },
  longName: changing(isName, (name, random) => name + '_long'.repeat(much(random))),
  renameEverywhere: (text, random) => {
    const names = tokensOf(text).filter(isName)
    if (names.length === 0) return text
    const name = random.pick(names)
    const fresh = random.pick([
      'x',
      'i',
      'n',
      'conv',
      'stage',
      'stem',
      '__proto__',
      'constructor',
      'toString',
      'a'.repeat(5000),
      'none',
    ])
    return tokensOf(text)
      .map((token) => (token === name ? fresh : token))
      .join('')
  },
  foreignForm: onLines((lines, at, random) => lines.splice(at, 0, random.pick(foreign))),
  foreignLine: onLines(
    (lines, at, random) =>
      (lines[at] = (lines[at] ?? '') + random.pick([';', ' // c', ' \\', ',', ' ->', ' +', ' :'])),
  ),
  character: (text, random) => {
    const at = random.int(0, text.length)
    return (
      text.slice(0, at) +
      random.pick(characters).repeat(random.chance(0.05) ? much(random) : 1) +
      text.slice(at)
    )
  },
  randomText: (text, random) => {
    const at = random.int(0, text.length)
    const noise = Array.from({ length: random.skewed(1, 60) }, () =>
      String.fromCharCode(random.skewed(1, 0xffff)),
    )
    return text.slice(0, at) + noise.join('') + text.slice(at + random.int(0, 5))
  },
  flipBit: (text, random) => {
    if (text === '') return text
    const at = random.int(0, text.length - 1)
    return (
      text.slice(0, at) +
      String.fromCharCode(text.charCodeAt(at) ^ (1 << random.int(0, 7))) +
      text.slice(at + 1)
    )
  },
  lineEnds: (text, random) => text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\n', '\u2028', '\0'])),
  byteOrderMark: (text) => `\ufeff${text}`,
  truncate: (text, random) => text.slice(0, random.int(0, text.length)),
  empty: (_, random) => random.pick(['', '\n', '#', '///', ' ', '\ufeff', '"', '(', '}', 'network', '\0']),
}

export const mutationNames = Object.keys(mutations)
const quickNames = mutationNames.filter((name) => name !== 'exhaust')

/** Of inputs, one in so many runs until a limit ends it. */
export const EXHAUSTING = 10_000

/** Those that are one mistake of a person's, as it happens when one writes. */
export const singleMistakes: ReadonlySet<string> = new Set([
  'deleteToken',
  'duplicateToken',
  'replaceToken',
  'insertToken',
  'swapTokens',
  'misspell',
  'retype',
  'nearNumber',
  'removeArgument',
  'addArgument',
  'deleteLine',
  'duplicateLine',
  'swapLines',
  'deleteDeclaration',
  'unclosed',
  'swapNames',
  'number',
  'truncate',
  'foreignForm',
  'foreignLine',
])

/** Longer texts say no more, and cost the time of many short ones. */
const MOST_CHARACTERS = 1_200_000

/** Some mutations one after the other, mostly one; and their names. */
export function mutate(text: string, random: Random, other: () => string): { text: string; names: string[] } {
  const names: string[] = []
  let changed = text
  const isLong = random.chance(1 / EXHAUSTING)
  for (let left = random.chance(0.6) ? 1 : random.skewed(1, 6); left > 0; left--) {
    const name = isLong && names.length === 0 ? 'exhaust' : random.pick(quickNames)
    names.push(name)
    const mutated = mutations[name]?.(changed, random, other) ?? changed
    if (mutated.length <= MOST_CHARACTERS) changed = mutated
  }
  return { text: changed, names }
}
