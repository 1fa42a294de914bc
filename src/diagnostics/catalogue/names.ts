import { entry } from '../entry.ts'
import { forForeignName } from './foreign-names.ts'

const didYouMean = ({ nearest }: { nearest?: string | undefined }) =>
  nearest === undefined ? undefined : `did you mean \`${nearest}\`?`

export interface Unknown {
  name: string
  nearest: string | undefined
}

/** `isOwn`: the statement that uses the name is the one that binds it. */
type UnknownHere = Unknown & { isOwn?: boolean }
/** What the language itself calls so, and where. */
const meanings: Readonly<Record<string, string>> = {
  i: 'in the line of a stage, `i` is the number of the repetition',
  n: 'in the line of a stage, `n` is the count of repetitions',
  x: '`x` is the tensor that flows',
}

export interface GivenName {
  name: string
  /** What declares it. */
  form: string
  place: 'network' | 'block' | 'file'
  /** A name that is free. */
  free: string
}

/** E02xx: names and imports. */
export const names = {
  E0201: entry<UnknownHere>({
    title: 'unknown name',
    message: ({ name }) => `nothing is called \`${name}\` here`,
    help: (facts) =>
      facts.isOwn === true
        ? `this is the statement that gives \`${facts.name}\` its value, and before it there is none; a statement goes on over lines that begin with an operator or a bracket`
        : (forForeignName(facts.name, facts.nearest) ?? didYouMean(facts)),
  }),
  E0202: entry<{ name: string }>({
    title: 'a name without a value on this path',
    message: ({ name }) => `\`${name}\` has no value here: the branch or loop that binds it did not run`,
    help: ({ name }) => `bind \`${name}\` before the \`if\` or \`for\``,
  }),
  E0203: entry<{ name: string; what: string }>({
    title: 'duplicate name',
    message: ({ name, what }) => `the ${what} \`${name}\` is defined twice`,
    help: ({ what }) =>
      what === 'statement'
        ? 'a network takes one tensor: remove one of the two, and `split` the channels of a larger one where parts of it go separate ways'
        : 'rename or remove one of the two',
  }),
  E0204: entry<{ path: string; nearest: string | undefined }>({
    title: 'import of a file that does not exist',
    message: ({ path }) => `there is no file "${path}"`,
    help: didYouMean,
  }),
  E0205: entry<Unknown & { path: string }>({
    title: 'import of a name that the file does not declare',
    message: ({ name, path }) => `"${path}" declares no \`${name}\``,
    help: didYouMean,
  }),
  E0206: entry<{ path: string }>({
    title: 'import that leaves the project',
    message: ({ path }) => `"${path}" leads out of the project root`,
    help: () => 'import from "std/..." or from a file below the project root, by a relative path',
  }),
  E0207: entry<{ chain: readonly string[] }>({
    title: 'import cycle',
    message: ({ chain }) => `these files import each other: ${chain.join(' -> ')}`,
    help: () => 'move what both need into a third file',
  }),
  E0208: entry<{ chain: readonly string[] }>({
    title: 'recursion between blocks or networks',
    message: ({ chain }) => `\`${chain[0]}\` uses itself: ${chain.join(' -> ')}`,
    help: () => 'the language is total: use a `for` loop or a stage to repeat something',
  }),
  E0209: entry<{ limit: number }>({
    title: 'too many imported files',
    message: ({ limit }) => `a program may have at most ${limit} files`,
  }),
  E0210: entry<Unknown & { known: readonly string[] }>({
    title: 'unknown network',
    message: ({ name }) => `there is no network \`${name}\``,
    help: ({ nearest, known }) =>
      nearest !== undefined
        ? `did you mean \`${nearest}\`?`
        : known.length > 0
          ? `the networks are: ${known.join(', ')}`
          : undefined,
  }),
  E0211: entry<{ known: readonly string[] }>({
    title: 'which network is meant?',
    message: ({ known }) => `the file declares several networks: ${known.join(', ')}`,
    help: ({ known }) => `choose one: \`--network ${known[0]}\``,
  }),
  E0212: entry<{ path: string }>({
    title: 'no network in the file',
    message: ({ path }) => `"${path}" declares no network`,
    help: () => 'add `network NAME() { ... }`',
  }),
  E0225: entry<GivenName>({
    title: 'a name that the language gives itself',
    message: ({ name, form, place }) =>
      `${form === 'list variable' ? 'a list in the line of a stage' : `a ${place}${place === 'file' ? ' with stages' : ''}`} ` +
      `cannot have ${form === 'import' ? 'an' : 'a'} ${form} \`${name}\`: ${meanings[name] ?? ''}`,
    help: ({ name, form, place, free }) =>
      name === 'x' && form === 'value' && place === 'network'
        ? `to hand it on, make it a part: \`stage NAME = ...\`; to keep it beside \`x\`, give it another name, such as \`${free}\``
        : form === 'import'
          ? `rename the block in its own file`
          : `give it another name here and where it is used, such as \`${free}\``,
  }),
} as const
