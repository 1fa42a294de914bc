import { entry } from '../entry.ts'

const NPY_PROBLEMS = {
  'not-npy': 'it does not begin as a .npy file does',
  version: 'its format version is not 1, 2 or 3',
  truncated: 'it ends within the header',
  'header-too-long': 'its header is longer than 64 KiB',
  'not-a-dictionary': 'its header is not a dictionary of `descr`, `fortran_order` and `shape`',
} as const

const inGiB = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(3))} GiB`

export interface MemoryFacts {
  readonly network: string
  readonly bytes: number
  readonly limit: number
  readonly at: string
  readonly batch: number
  /** Bytes at the place where there was no more. */
  readonly parts: Readonly<Record<keyof typeof PARTS, number>>
}

const PARTS = {
  tensors: 'of tensors',
  weights: 'of weights',
  copies: 'of copies of the weights',
  tables: 'of tables for the windows of convolutions and pools',
  others: 'of other models',
}

/** Largest first; what is under a hundredth of it all does not help. */
function partsText(parts: MemoryFacts['parts']): string {
  const all = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)
  return Object.entries(PARTS)
    .map(([part, words]) => ({ bytes: parts[part as keyof typeof PARTS], words }))
    .filter(({ bytes }) => bytes > all / 100)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ bytes, words }) => `${inGiB(bytes)} ${words}`)
    .join(', ')
}

function memoryAdvice({ parts, batch }: MemoryFacts): string {
  const { weights, copies, tensors, tables } = parts
  const isHeavy = weights + copies > tensors + tables
  return [
    ...(parts.others > 0 ? ['dispose of models that are done'] : []),
    ...(batch === 1 ? [] : ['run fewer inputs at once']),
    ...(isHeavy ? ['make its layers narrower'] : ['give a smaller input with `--input-size CxHxW`']),
    'or run with `--backend cpu`, which is slow and has no such limit',
  ].join(', ')
}

const FAILURES = {
  memory: 'its memory is used up',
  message: 'it reported an error',
  trap: 'it broke off',
}

/** E07xx: images and arrays that a network is run on. */
export const inputs = {
  E0701: entry<Record<string, never>>({
    title: 'an input file is empty',
    message: () => 'the file is empty',
  }),
  E0702: entry<Record<string, never>>({
    title: 'an image is neither JPEG nor PNG',
    message: () => 'the file is neither a JPEG nor a PNG image',
  }),
  E0703: entry<{ reason: string }>({
    title: 'an image is damaged',
    message: ({ reason }) => `the image cannot be decoded: ${reason}`,
  }),
  E0704: entry<{ width: number; height: number; limit: number }>({
    title: 'an image has too many pixels',
    message: ({ width, height, limit }) =>
      `the image has ${width} x ${height} pixels; at most ${limit} are decoded`,
  }),
  E0705: entry<{ channels: number }>({
    title: 'a network does not take images',
    message: ({ channels }) => `this network takes ${channels} channels; an image gives 3 (RGB) or 1 (grey)`,
    help: () => 'give the input as a .npy file',
  }),
  E0706: entry<{ found: string }>({
    title: 'a file of labels has the wrong form',
    message: ({ found }) => `labels are a JSON list of strings; this is ${found}`,
  }),
  E0707: entry<Record<string, never>>({
    title: 'images cannot be decoded here',
    message: () => 'images cannot be decoded here: the package `sharp` does not load',
    help: () => 'install it with `npm install sharp`, or give the input as a .npy file',
  }),
  E0710: entry<{ problem: keyof typeof NPY_PROBLEMS }>({
    title: 'a .npy file cannot be read',
    message: ({ problem }) => `this .npy file cannot be read: ${NPY_PROBLEMS[problem]}`,
  }),
  E0711: entry<{ dtype: string; known: readonly string[] }>({
    title: 'a .npy file has a dtype that is not read',
    message: ({ dtype, known }) => `the array's dtype is \`${dtype}\`; read are ${known.join(', ')}`,
    help: () => "write it with `np.save(path, array.astype('<f4'))`",
  }),
  E0712: entry<Record<string, never>>({
    title: 'a .npy file is in Fortran order',
    message: () => 'the array is stored in Fortran order (columns first)',
    help: () => 'write it with `np.save(path, np.ascontiguousarray(array))`',
  }),
  E0713: entry<{ shape: string; expected: number; bytes: number }>({
    title: 'a .npy file has more or fewer bytes than its shape says',
    message: ({ shape, expected, bytes }) =>
      `an array of shape ${shape} takes ${expected} bytes of data, but the file has ${bytes}`,
  }),
  E0714: entry<{ index: number; position: string; problem: 'nan' | 'infinite' | 'overflow' }>({
    title: 'an input value is not a finite number',
    message: ({ index, position, problem }) =>
      `element ${index} of the array, at ${position}, is ${
        { nan: 'NaN', infinite: 'infinite', overflow: 'too large for float32' }[problem]
      }`,
  }),
  E0715: entry<{ shape: string; expected: string }>({
    title: "an array does not have the shape of the network's input",
    message: ({ shape, expected }) =>
      `the array has shape ${shape}; this network takes ${expected}, with or without a batch in front`,
    help: () => 'give another size with `--input-size CxHxW`, or resize the array',
  }),
  E0716: entry<{ network: string; bytes: number; limit: number; at: string }>({
    title: 'a network needs too much memory to run',
    message: ({ network, bytes, limit, at }) =>
      `the tensors of \`${network}\` take ${inGiB(bytes)} at \`${at}\`; a run may have ${inGiB(limit)}`,
    help: () => 'give a smaller input with `--input-size CxHxW`, or look for a layer larger than was meant',
  }),
  E0720: entry<MemoryFacts>({
    title: 'a network needs more memory than the wasm backend has',
    message: ({ network, bytes, limit, at, batch }) =>
      `\`${network}\` needs ${inGiB(bytes)} of the memory of WebAssembly${batch === 1 ? '' : ` for ${batch} inputs at once`}, which has ${inGiB(limit)}: it runs out at \`${at}\``,
    help: (facts) => `there it holds ${partsText(facts.parts)}; ${memoryAdvice(facts)}`,
  }),
  E0721: entry<{ network: string; at: string; problem: 'memory' | 'message' | 'trap'; text: string }>({
    title: 'the wasm backend failed in a run',
    message: ({ network, at, problem, text }) =>
      `the wasm backend failed at \`${at}\` of \`${network}\`: ${FAILURES[problem]} (${text})`,
    help: () =>
      'what was computed is not to be trusted and was dropped; give a smaller input with `--input-size CxHxW`, or run with `--backend cpu`',
  }),
  E0722: entry<{ network: string }>({
    title: 'a model was lost when the wasm backend failed',
    message: ({ network }) =>
      `the weights of \`${network}\` were lost when the wasm backend failed under another model`,
    help: () => 'compile it again: the backend starts afresh',
  }),
  E0750: entry<{ width: number; height: number; limit: number }>({
    title: 'a side of an image is too long',
    message: ({ width, height, limit }) =>
      `the image has ${width} x ${height} pixels; a side may have at most ${limit}`,
    help: () => 'cut out the part that the network should see, or scale the image down',
  }),
  E0751: entry<{ key: string; other: string }>({
    title: 'two statements of how far a picture is resized',
    message: ({ key, other }) => `\`${key}\` says again, in another way, what \`${other}\` said before`,
    help: () =>
      'keep one of them: `crop_pct` is the part of a side that is seen, `resize` the shorter side in pixels',
  }),
} as const
