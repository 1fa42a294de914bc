import { entry } from '../entry.ts'

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

const HEADER_PROBLEMS = {
  'not-utf8': 'it is not UTF-8',
  'too-deep': 'its brackets nest deeper than the format has them',
  duplicate: 'it names a tensor twice',
  'not-json': 'it is not valid JSON',
  'not-an-object': 'it is not a JSON object',
  'bad-metadata': '`__metadata__` is not an object of strings',
} as const

const PATTERN_PROBLEMS = {
  'empty-segment': 'it has an empty part between dots',
  'unclosed-brace': 'a `{` or `}` has no partner',
  'bad-capture': 'a name in braces is not a plain name',
  'repeated-capture': 'the same name is captured twice',
  'adjacent-captures': 'two captures stand side by side, so that where one ends is open',
  'bad-expression': 'braces hold `{name}`, `{name+1}`, `{name-1}`, `{name*2}` or `{name*2-2}`',
  'unknown-capture': 'it uses a name that `from` does not capture',
} as const

/** Why weights do not fit, where that can be told. */
type Misfit =
  | { readonly kind: 'other-network' | 'dtype' | 'permuted' }
  | { readonly kind: 'setting'; readonly setting: string }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'shard'; readonly of: number; readonly index: string }

function repairOf(cause: Misfit): string {
  switch (cause.kind) {
    case 'setting':
      return `\`--set ${cause.setting}\` makes the network fit`
    case 'shard':
      return `the file is one of ${cause.of} shards: give their index, \`${cause.index}\``
    case 'prefix':
      return `the file has all of the network's names behind \`${cause.prefix}\`, and others: leave the others out of it`
    case 'dtype':
      return 'F16, BF16, F32 and F64 are read: write the file again in one of them, for example with `tensor.bfloat16()`; quantised values have to be multiplied by their scales'
    case 'permuted':
      return 'filters are read as PyTorch keeps them, [out, in / groups, height, width], and never turned: correct the `kernel` of the layer, or the axes of the file'
    case 'other-network':
      return "none of the file's names is one of this network's: it is for another network, or under names that `metadata(names: ...)` does not map"
  }
}

/** E06xx: checkpoints and parameter names. */
export const weights = {
  E0601: entry<{ bytes: number }>({
    title: 'a safetensors file is too short',
    message: ({ bytes }) =>
      bytes === 0
        ? 'the weights file is empty'
        : `the weights file has ${count(bytes, 'byte')}, too few for a safetensors header`,
  }),
  E0602: entry<{ declared: bigint; available: number; limit: number }>({
    title: 'a safetensors header claims a length it cannot have',
    message: ({ declared, available, limit }) =>
      declared > BigInt(available)
        ? `the header claims ${declared} bytes, but only ${available} follow: the file is truncated, or not safetensors`
        : `the header claims ${declared} bytes; the format allows at most ${limit}`,
    help: () => 'compare the size of the file with that at its source, and fetch it again',
  }),
  E0603: entry<{ problem: keyof typeof HEADER_PROBLEMS }>({
    title: 'a safetensors header cannot be read',
    message: ({ problem }) => `the header of the weights file cannot be read: ${HEADER_PROBLEMS[problem]}`,
  }),
  E0604: entry<{ tensor: string; field: 'entry' | 'dtype' | 'shape' | 'data_offsets' }>({
    title: 'a safetensors header describes a tensor wrongly',
    message: ({ tensor, field }) =>
      field === 'entry'
        ? `the header's entry for \`${tensor}\` is not an object`
        : `the header's entry for \`${tensor}\` has no valid \`${field}\``,
    help: ({ field }) =>
      field === 'shape'
        ? '`shape` is a list of non-negative integers'
        : field === 'data_offsets'
          ? '`data_offsets` is a list of two integers, begin and end'
          : undefined,
  }),
  E0605: entry<{ tensor: string; dtype: string; known: readonly string[] }>({
    title: 'a tensor has an unknown dtype',
    message: ({ tensor, dtype }) => `\`${tensor}\` has the dtype \`${dtype}\`, which is not known`,
    help: ({ known }) => `known are ${known.join(', ')}`,
  }),
  E0606: entry<{ tensor: string; begin: number; end: number; available: number }>({
    title: 'a tensor lies outside its file',
    message: ({ tensor, begin, end, available }) =>
      end < begin
        ? `\`${tensor}\` ends at byte ${end} of the data, before it begins (${begin})`
        : `\`${tensor}\` lies at bytes ${begin} to ${end} of the data, which has only ${available}: the file is truncated or damaged`,
  }),
  E0607: entry<{ tensor: string; shape: string; dtype: string; expected: number; bytes: number }>({
    title: 'a tensor has more or fewer bytes than its shape says',
    message: ({ tensor, shape, dtype, expected, bytes }) =>
      `\`${tensor}\` has ${count(bytes, 'byte')}, but ${dtype} of shape ${shape} takes ${expected}`,
  }),
  E0608: entry<{ kind: 'overlap' | 'gap'; tensor: string; before: string | undefined; bytes: number }>({
    title: 'tensors overlap or leave gaps in their file',
    message: ({ kind, tensor, before, bytes }) =>
      kind === 'overlap'
        ? `\`${tensor}\` overlaps \`${before}\` by ${count(bytes, 'byte')}`
        : `${count(bytes, 'byte')} before \`${tensor}\` belong to no tensor`,
  }),
  E0609: entry<{ bytes: number }>({
    title: 'a safetensors file has bytes left over',
    message: ({ bytes }) => `the last ${count(bytes, 'byte')} of the weights file belong to no tensor`,
  }),
  E0610: entry<{
    network: string
    missing: number
    unexpected: number
    misshapen: number
    integers: number
    /** Of floating point that is not read: 8 bits and fewer. */
    unreadFloats: number
    cause: Misfit | undefined
  }>({
    title: 'weights do not fit the network',
    message: ({ network, missing, unexpected, misshapen, integers, unreadFloats }) => {
      const faults = [
        missing > 0 ? `${missing} missing` : '',
        misshapen > 0 ? `${misshapen} of another shape` : '',
        integers > 0 ? `${integers} of integers` : '',
        unreadFloats > 0 ? `${unreadFloats} of floating point that is not supported` : '',
        unexpected > 0 ? `${unexpected} unexpected` : '',
      ]
      return `the weights do not fit \`${network}\`: ${faults.filter((fault) => fault !== '').join(', ')}`
    },
    help: ({ cause }) => (cause === undefined ? undefined : repairOf(cause)),
  }),
  E0611: entry<{ tensor: string; index: number; problem: 'nan' | 'infinite' | 'overflow' }>({
    title: 'a weight is not a finite number',
    message: ({ tensor, index, problem }) =>
      problem === 'overflow'
        ? `element ${index} of \`${tensor}\` is too large for float32`
        : `element ${index} of \`${tensor}\` is ${problem === 'nan' ? 'NaN' : 'infinite'}`,
  }),
  E0612: entry<{ tensor: string; index: number; value: number }>({
    title: 'a running variance is negative',
    message: ({ tensor, index, value }) =>
      `element ${index} of \`${tensor}\` is ${value}; a variance cannot be negative`,
  }),
  E0613: entry<{ key: string; first: string; second: string }>({
    title: 'a name map gives two parameters one name',
    message: ({ key, first, second }) => `the name map calls both \`${first}\` and \`${second}\` \`${key}\``,
  }),
  E0614: entry<{ where: string; expected: string }>({
    title: 'a name map has the wrong form',
    message: ({ where, expected }) => `in this name map, ${where} must be ${expected}`,
  }),
  E0615: entry<{ where: string; pattern: string; problem: keyof typeof PATTERN_PROBLEMS }>({
    title: 'a pattern of a name map cannot be read',
    message: ({ where, pattern, problem }) =>
      `the pattern \`${pattern}\` (${where}) cannot be read: ${PATTERN_PROBLEMS[problem]}`,
  }),
  E0616: entry<{ network: string; elements: number; limit: number }>({
    title: 'a network has too many parameters to initialise',
    message: ({ network, elements, limit }) =>
      `\`${network}\` has ${elements} parameters; random weights are made for at most ${limit}`,
  }),
} as const
