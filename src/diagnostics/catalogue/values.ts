import { entry } from '../entry.ts'

const didYouMean = ({ nearest }: { nearest: string | undefined }) =>
  nearest === undefined ? undefined : `did you mean \`${nearest}\`?`

/** E04xx: compile-time values, types and arguments. */
export const values = {
  E0401: entry<{ wanted: string; found: string; what: string }>({
    title: 'wrong type',
    message: ({ wanted, found, what }) => `${what} must be ${wanted}, this is ${found}`,
    help: ({ wanted, found, what }) => {
      if (wanted === 'an int' && found.startsWith('the float'))
        return '`int(...)` rounds towards zero, `round(...)` to the nearest, `round_to(..., 8)` to a multiple of 8'
      return what === 'the operand of `-`' && found.startsWith('a tensor')
        ? 'tensors have `+` and `*` alone'
        : undefined
    },
  }),
  E0402: entry<{ callee: string; name: string; nearest: string | undefined; known: readonly string[] }>({
    title: 'unknown argument',
    message: ({ callee, name }) => `\`${callee}\` has no parameter \`${name}\``,
    help: ({ nearest, known }) =>
      nearest !== undefined
        ? `did you mean \`${nearest}\`?`
        : known.length === 0
          ? 'it takes no arguments'
          : `its parameters are: ${known.join(', ')}`,
  }),
  E0403: entry<{ callee: string; missing: readonly string[]; signature: string; flowing?: string }>({
    title: 'missing argument',
    message: ({ callee, missing }) =>
      `\`${callee}\` needs ${missing.map((name) => `\`${name}\``).join(' and ')}`,
    help: ({ callee, signature, flowing }) =>
      flowing === undefined
        ? `its parameters: ${signature}`
        : `\`${flowing}\` flows into \`${callee}\` as \`x\` and is no argument; its first input needs no parameter, and beside it there are: ${signature}`,
  }),
  E0404: entry<{ callee: string; given: number; most: number; signature: string }>({
    title: 'too many arguments',
    message: ({ callee, given, most }) =>
      most === 0
        ? `\`${callee}\` takes no arguments`
        : `\`${callee}\` takes at most ${most} argument${most === 1 ? '' : 's'}, ${given} are given`,
    help: ({ most, signature }) => (most === 0 ? undefined : `its parameters: ${signature}`),
  }),
  E0405: entry<{ callee: string; name: string }>({
    title: 'argument given twice',
    message: ({ callee, name }) => `\`${name}\` of \`${callee}\` is given twice`,
  }),
  E0406: entry<{ left: number; right: number }>({
    title: 'division that does not come out even',
    message: ({ left, right }) => `${left} / ${right} is not a whole number`,
    help: () => 'write `//` to round down, or make one side a float',
  }),
  E0407: entry<{ operator: string }>({
    title: 'division by zero',
    message: ({ operator }) => `the right side of \`${operator}\` is zero`,
  }),
  E0408: entry<{ index: number; length: number }>({
    title: 'index out of range',
    message: ({ index, length }) => `index ${index} in a list of ${length}`,
    help: ({ length }) => (length === 0 ? undefined : `indices run from 0 to ${length - 1}`),
  }),
  E0409: entry<{ value: string }>({
    title: 'number out of range',
    message: ({ value }) => `${value} is beyond what a number can hold here`,
    help: () => 'integers are exact up to 2^53, floats must be finite',
  }),
  E0410: entry<{ operator: string; left: string; right: string }>({
    title: 'operator on unfit values',
    message: ({ operator, left, right }) => `\`${operator}\` does not work between ${left} and ${right}`,
    help: ({ operator, left, right }) => {
      const sides = [left, right]
      if (sides.some((side) => side.startsWith('a tensor')))
        return 'tensors have `+` and `*`, which both sides must be tensors for'
      if (sides.some((side) => side.startsWith('an operator') || side.startsWith('a block')))
        return 'an operator or a block gives a tensor once something flows in: write `x -> ...` in brackets'
      return operator === '+' && sides.some((side) => /^an? (empty )?list\b/.test(side))
        ? 'a list grows by a list: `list + [item]`'
        : undefined
    },
  }),
  E0411: entry<{ found: string; hides: string | undefined }>({
    title: 'call of something that cannot be called',
    message: ({ found }) => `${found} cannot be called`,
    help: ({ hides }) =>
      hides === undefined
        ? undefined
        : `\`${hides}\` is a value here and hides the operator or block of that name: rename the value`,
  }),
  E0412: entry<{ name: string; nearest: string | undefined; of: string }>({
    title: 'unknown member',
    message: ({ name, of }) => `${of} has no \`${name}\``,
    help: ({ nearest, of }) =>
      /^an? (empty )?list\b/.test(of)
        ? '`len(list)` is the length of a list, `list + [item]` a longer one'
        : (didYouMean({ nearest }) ?? 'a tensor has `channels`, `height` and `width`'),
  }),
  E0413: entry<{ targets: number; values: number }>({
    title: 'wrong number of values',
    message: ({ targets, values }) => `${targets} names for ${values} value${values === 1 ? '' : 's'}`,
  }),
  E0414: entry<{ message: string }>({
    title: 'an assertion of the author failed',
    message: ({ message }) => message,
  }),
  E0415: entry<{ name: string; nearest: string | undefined }>({
    title: 'unknown type',
    message: ({ name }) => `there is no type \`${name}\``,
    help: ({ nearest }) =>
      didYouMean({ nearest }) ??
      'the types are int, float, bool, string, tensor, activation, block, and lists such as int[]',
  }),
  E0416: entry<{ callee: string; problem: string }>({
    title: 'a helper function on a value that it does not accept',
    message: ({ callee, problem }) => `\`${callee}\`: ${problem}`,
  }),
  E0417: entry<{ name: string; network: string; nearest: string | undefined; known: readonly string[] }>({
    title: 'unknown setting',
    message: ({ name, network }) => `network \`${network}\` has no parameter \`${name}\``,
    help: ({ nearest, known }) =>
      didYouMean({ nearest }) ??
      (known.length === 0 ? 'it has no parameters' : `its parameters are: ${known.join(', ')}`),
  }),
  E0418: entry<{ callee: string }>({
    title: 'positional argument after a named one',
    message: ({ callee }) => `a positional argument of \`${callee}\` stands after a named one`,
    help: () => 'put positional arguments first, or name this one too',
  }),
  E0419: entry<{ wanted: string; key: string }>({
    title: 'metadata that is not understood',
    message: ({ key, wanted }) => `metadata \`${key}\` must be ${wanted}`,
  }),
} as const
