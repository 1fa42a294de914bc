import { entry } from '../entry.ts'

const oneOf = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`

/** E01xx: the text itself (encoding, tokens, grammar). */
export const syntax = {
  E0101: entry<{ found: string; expected: readonly string[] }>({
    title: 'unexpected token',
    message: ({ found, expected }) => `expected ${oneOf(expected)}, found ${found}`,
  }),
  E0102: entry<{ opener: string; found: string; expected: string }>({
    title: 'bracket that is never closed',
    message: ({ opener, found, expected }) =>
      `\`${opener}\` is never closed: expected ${expected}, found ${found}`,
  }),
  E0103: entry<{ closer: string }>({
    title: 'closing bracket without an opening one',
    message: ({ closer }) => `\`${closer}\` closes nothing: no bracket of its kind is open here`,
    help: ({ closer }) => `remove the \`${closer}\`, or add the bracket that it should close`,
  }),
  E0104: entry<{ character: string }>({
    title: 'unknown character',
    message: ({ character }) => `${character} has no meaning here`,
    help: ({ character }) => charactersFromElsewhere[character],
  }),
  E0105: entry<object>({
    title: 'unterminated string',
    message: () => 'this string does not end on its line',
    help: () => 'close it with `"`; a line break inside a string is written `\\n`',
  }),
  E0106: entry<{ escape: string }>({
    title: 'unknown escape in a string',
    message: ({ escape }) => `\`${escape}\` is not an escape`,
    help: () => 'a string knows `\\"`, `\\\\` and `\\n`',
  }),
  E0107: entry<{ text: string }>({
    title: 'malformed number',
    message: ({ text }) => `\`${text}\` is neither a number nor a name`,
    help: () => 'numbers look like `64`, `1_000`, `0.5` or `1e-3`; a name does not begin with a digit',
  }),
  E0108: entry<{ text: string }>({
    title: 'number out of range',
    message: ({ text }) => `the number \`${text}\` is too large to be represented exactly`,
    help: () => 'integers reach up to 2^53 - 1, other numbers up to about 1.8e308',
  }),
  E0109: entry<{ found: string; meant: readonly string[] }>({
    title: 'operator of another language',
    message: ({ found, meant }) =>
      `\`${found}\` is not an operator; write ${oneOf(meant.map((text) => `\`${text}\``))}`,
  }),
  E0110: entry<{ found: string }>({
    title: 'comment of another language',
    message: ({ found }) => `comments begin with \`#\`, not with \`${found}\``,
    help: ({ found }) =>
      found === '//'
        ? 'if this is an integer division, move the `//` to the end of the line above'
        : 'put `#` in front of every line of the comment',
  }),
  E0111: entry<{ word: string }>({
    title: 'reserved word used as a name',
    message: ({ word }) => `\`${word}\` is a word of the language and cannot be a name`,
    help: ({ word }) => `choose another name, for example \`${word}_\``,
  }),
  E0112: entry<{ name: string }>({
    title: 'named argument with `=`',
    message: ({ name }) => `a named argument is written \`${name}: value\`, with a colon`,
  }),
  E0113: entry<{ text: string; spaced: string }>({
    title: 'sizes written without spaces',
    message: ({ text }) => `\`${text}\` needs spaces around each \`x\``,
    help: ({ spaced }) => `write \`${spaced}\``,
  }),
  E0114: entry<{ name: string; method: string | undefined }>({
    title: 'value without a name',
    message: () => 'a value alone is not a statement',
    help: ({ name, method }) => {
      if (method !== undefined && growing.has(method))
        return `values never change; lists grow by \`${name} = ${name} + [item]\``
      if (name === 'print')
        return 'nothing is printed while a network is built: `archc ir` and `archc analyze --layers` show it'
      return 'give it a name and use that (`name = ...`), or return it (`return ...`); parts of a network are `stem = ...`, `stage NAME = ...` and `head = ...`'
    },
  }),
  E0115: entry<{ first: string; second: string }>({
    title: 'operators that cannot be chained',
    message: ({ first, second }) => `\`${first}\` and \`${second}\` cannot be chained`,
    help: ({ first }) =>
      first === '..'
        ? 'a range has one start and one end'
        : 'write two comparisons joined by `and`, or brackets',
  }),
  E0116: entry<{ name: string }>({
    title: 'slot outside of a pipeline',
    message: () => 'a slot stands only behind a `->`',
    help: ({ name }) => `write \`x -> slot ${name}\``,
  }),
  E0117: entry<{ keyword: string }>({
    title: 'declaration inside another',
    message: ({ keyword }) => `\`${keyword}\` cannot stand inside another declaration`,
    help: () => 'move it out, to the top level of the file',
  }),
  E0118: entry<{ limit: number }>({
    title: 'nested too deeply',
    message: ({ limit }) => `this is nested more than ${limit} levels deep`,
    help: () => 'give names to the inner parts',
  }),
  E0119: entry<{ limit: number }>({
    title: 'expression too long',
    message: ({ limit }) => `this expression chains more than ${limit} operations`,
    help: () => 'split it: give names to its parts, or use a `for`',
  }),
  E0120: entry<{ size: number; limit: number }>({
    title: 'file too large',
    message: ({ size, limit }) => `this file has ${size} characters; a source file has at most ${limit}`,
  }),
  E0121: entry<object>({
    title: 'file without declarations',
    message: () => 'this file declares nothing',
    help: () => 'a file holds at least one `network` or `block`',
  }),
  E0122: entry<{ limit: number }>({
    title: 'too many mistakes',
    message: ({ limit }) => `more than ${limit} mistakes: the rest of the file was not checked`,
  }),
  E0123: entry<object>({
    title: 'string in single quotes',
    message: () => 'strings are written in double quotes',
  }),
  E0124: entry<{ word: string }>({
    title: 'parts of a stage out of order',
    message: ({ word }) => `\`${word}\` of a stage cannot stand here`,
    help: () => 'each stands at most once, in this order: `BLOCK x COUNT stride S with MODULE at SLOT`',
  }),
  E0125: entry<{ element: string; loop: string }>({
    title: 'comprehension of another language',
    message: () => 'in a list the loop stands before the value',
    help: ({ element, loop }) => `write \`[${loop}: ${element}]\``,
  }),
  E0126: entry<object>({
    title: '`if` without `else` where a value is wanted',
    message: () => 'this `if` gives no value where its condition is false: an `else` is missing',
    help: () =>
      'write `if condition { a } else { b }`; `x` hands a tensor on as it is, `none` is the operator that does so',
  }),
  E0127: entry<{ name: string; type: string }>({
    title: 'parameter without a type',
    message: ({ name }) => `the parameter \`${name}\` has no type`,
    help: ({ name, type }) => `write it behind a colon, for instance \`${name}: ${type}\``,
  }),
  E0130: entry<{ name: string; length: number; limit: number }>({
    title: 'name too long',
    message: ({ name, length, limit }) =>
      `the name \`${name}\` has ${length} characters; a name has at most ${limit}`,
    help: () => 'give it a shorter name',
  }),
} as const

/** What appends to lists in other languages. */
const growing: ReadonlySet<string> = new Set(['append', 'push', 'extend', 'insert', 'add'])

const straightQuotes = 'strings are written in straight double quotes: `"..."`'

/** Characters that people bring along, and what to write instead. */
const charactersFromElsewhere: Readonly<Record<string, string>> = {
  '`;`': 'statements need no `;`: remove it',
  "`'`": straightQuotes,
  '`“`': straightQuotes,
  '`”`': straightQuotes,
  '`×`': 'repetitions and sizes are written with the letter `x`',
  '`→`': 'write `->`',
  '`&`': 'write `and`',
  '`|`': 'write `or`, or `->` for a pipeline',
  '`^`': 'there is no power operator: write `pow(a, b)`',
  '`?`': 'write `if condition { a } else { b }`',
}
