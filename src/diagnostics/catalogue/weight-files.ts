import { entry } from '../entry.ts'

interface Description {
  /** Completes "this is". */
  readonly is: (detail: string) => string
  /** What to do or type next. */
  readonly next: (path: string) => string
}

const FETCH = 'fetch the file itself'

/** A command that reads `path` and writes safetensors, where the shell takes the path as it is. */
function command(program: string, path: string, extension: string): string {
  const plain = /^[\w./@+=:-]{1,300}$/.test(path) && !path.startsWith('-')
  const source = plain ? path : `weights.${extension}`
  const stem = source.replace(/\.[A-Za-z0-9]{1,12}$/, '')
  return `\`python -c "${program}" ${source} ${stem}${source.endsWith('.safetensors') ? '-converted' : ''}.safetensors\``
}

const SAVE_TORCH =
  'save_file({k: v.clone().contiguous() for k, v in d.items() if torch.is_tensor(v)}, sys.argv[2])'

const fromTorch = (path: string): string =>
  `convert it: ${command(
    `import sys, torch; from safetensors.torch import save_file; d = torch.load(sys.argv[1], map_location='cpu', weights_only=True); d = d.get('state_dict', d.get('model', d)); ${SAVE_TORCH}`,
    path,
    'pth',
  )}`

const fromTorchScript = (path: string): string =>
  `convert it: ${command(
    `import sys, torch; from safetensors.torch import save_file; d = torch.jit.load(sys.argv[1], map_location='cpu').state_dict(); ${SAVE_TORCH}`,
    path,
    'pt',
  )}`

const fromNumpy = (path: string): string =>
  `if its arrays have PyTorch's names and layout, convert it: ${command(
    'import sys, numpy; from safetensors.numpy import save_file; save_file({k: numpy.ascontiguousarray(v) for k, v in numpy.load(sys.argv[1]).items()}, sys.argv[2])',
    path,
    'npz',
  )}`

const otherTool = (): string =>
  'take the PyTorch checkpoint of the network, and save it with `safetensors.torch.save_file`: another format has other names and other layouts of filters'

/** What is found in place of weights, by how it begins. */
const FOREIGN = {
  'git-lfs': {
    is: (size) =>
      `a Git LFS pointer: the weights${size === '' ? '' : ` (${size} bytes)`} were not downloaded`,
    next: () => `\`git lfs pull\`, run in the clone that holds it, puts the weights in its place`,
  },
  html: {
    is: () => 'an HTML page, as a server sends it in place of a file',
    next: () =>
      `${FETCH}: its link has \`resolve\` in place of \`blob\` on huggingface.co, \`raw\` on github.com; or it asks for a login`,
  },
  xml: {
    is: () => 'XML text, as servers write their error messages',
    next: () => `open it in an editor to see what it says, and ${FETCH}`,
  },
  json: {
    is: () => 'JSON text that has no `weight_map`: neither weights nor an index of shards',
    next: () => `open it in an editor to see what it says, and ${FETCH}`,
  },
  index: {
    is: () => 'an index of shards, whose files hold the weights',
    next: () => '`--weights` and `loadWeights` take the path of the index, and read its shards',
  },
  text: {
    is: (line) => `text, which begins with \`${line}\``,
    next: () => `open it in an editor to see what it says, and ${FETCH}`,
  },
  pytorch: { is: () => 'a PyTorch checkpoint', next: fromTorch },
  'old-pytorch': { is: () => 'a PyTorch checkpoint, as versions before 1.6 wrote it', next: fromTorch },
  torchscript: { is: () => 'a TorchScript model', next: fromTorchScript },
  pickle: {
    is: () => 'a Python pickle',
    next: () =>
      'load it with the program that wrote it, and save its arrays with `safetensors.numpy.save_file`',
  },
  npy: {
    is: () => 'a NumPy array',
    next: () => '`--input` takes arrays; weights are `.safetensors` files, whose tensors have names',
  },
  npz: { is: () => 'an archive of NumPy arrays', next: fromNumpy },
  hdf5: { is: () => 'an HDF5 file, as Keras writes it', next: otherTool },
  onnx: { is: () => 'an ONNX model', next: otherTool },
  gguf: { is: () => 'a GGUF file', next: otherTool },
  tflite: { is: () => 'a TensorFlow Lite model', next: otherTool },
  compressed: {
    is: (format) => (format === '' ? 'a compressed file' : `a ${format} archive`),
    next: () => 'unpack it, and name the file of weights in it',
  },
  picture: {
    is: () => 'a picture',
    next: () => '`--input` takes pictures, `--weights` a `.safetensors` file',
  },
} as const satisfies Readonly<Record<string, Description>>

export type ForeignKind = keyof typeof FOREIGN

const EXCESSES = {
  bytes: (limit: number) => `is longer than ${limit} bytes`,
  tensors: (limit: number) => `names more than ${limit} tensors`,
  values: (limit: number) => `holds more than ${limit} commas, colons and opening brackets`,
} as const

const INDEX_PROBLEMS = {
  'not-utf8': 'it is not UTF-8',
  'too-deep': 'its brackets nest deeper than an index has them',
  'not-json': 'it is not valid JSON',
  'bad-map': '`weight_map` is not an object that gives the name of a shard for each tensor',
  'no-shards': '`weight_map` names no shard',
  'too-many-shards': 'it names more than 1000 shards',
  'pytorch-shards': 'its shards are PyTorch files, and `.safetensors` files are wanted',
} as const

/** E0650-E0669: files of weights that are something else, or that are several files. */
export const weightFiles = {
  E0650: entry<{ kind: ForeignKind; path: string; detail?: string }>({
    title: 'a file of weights is something else',
    message: ({ kind, detail = '' }) => `this is ${FOREIGN[kind].is(detail)}`,
    help: ({ kind, path }) => FOREIGN[kind].next(path),
  }),
  E0651: entry<{ what: keyof typeof EXCESSES; limit: number }>({
    title: 'a file of weights has too many entries',
    message: ({ what, limit }) => `the list of tensors ${EXCESSES[what](limit)}`,
    help: () =>
      'no checkpoint of a network that archc can describe comes near: the file is damaged or no checkpoint',
  }),
  E0652: entry<{ list: 'rules' | 'ignore'; patterns: number }>({
    title: 'a name map takes too long',
    message: ({ list, patterns }) =>
      list === 'rules'
        ? `trying the ${patterns} rules of this name map on each name of the network takes too long`
        : `trying the ${patterns} patterns of \`ignore\` on each name of the file takes too long`,
    help: () =>
      'join patterns that differ in a number or a part: `layer{s}.{b}.conv1` in a rule, `*.num_batches_tracked` in `ignore`',
  }),
  E0653: entry<{ problem: keyof typeof INDEX_PROBLEMS }>({
    title: 'an index of shards cannot be read',
    message: ({ problem }) => `the index of shards cannot be read: ${INDEX_PROBLEMS[problem]}`,
    help: ({ problem }) =>
      problem === 'pytorch-shards'
        ? 'take the index `model.safetensors.index.json` of the same checkpoint; where there is none, load all shards in PyTorch into one dictionary, and write it with `safetensors.torch.save_file`'
        : undefined,
  }),
  E0654: entry<{ shard: string; target: string | undefined }>({
    title: 'a shard lies outside the folder of its index',
    message: ({ shard, target }) =>
      target === undefined
        ? `the index names the shard \`${shard}\`, which is no path inside its own folder`
        : `the shard \`${shard}\` really lies at \`${target}\`, outside the folder of its index, and is not read`,
    help: ({ target }) =>
      target === undefined
        ? 'put the shards beside the index, and their bare names into it'
        : 'copy the files themselves into one folder: `cp -L` follows links',
  }),
  E0655: entry<{ missing: readonly string[]; shards: number }>({
    title: 'shards of an index are missing',
    message: ({ missing, shards }) =>
      `${missing.length} of the ${shards} shards of this index ${missing.length === 1 ? 'is' : 'are'} missing: ${missing
        .slice(0, 20)
        .map((name) => `\`${name}\``)
        .join(', ')}${missing.length > 20 ? ` and ${missing.length - 20} more` : ''}`,
    help: () => 'download them into the folder of the index',
  }),
  E0656: entry<{ tensor: string; shard: string; count: number }>({
    title: 'a shard lacks a tensor that its index names',
    message: ({ tensor, shard, count }) =>
      `the index says that \`${tensor}\` lies in \`${shard}\`, which has no such tensor${count > 1 ? `; nor ${count === 2 ? 'is 1 other' : `are ${count - 1} others`} where it says` : ''}`,
    help: () => 'index and shards belong to different checkpoints: download all of them anew',
  }),
  E0657: entry<{ tensor: string; first: string; second: string }>({
    title: 'two shards have the same tensor',
    message: ({ tensor, first, second }) =>
      `both \`${first}\` and \`${second}\` have the tensor \`${tensor}\``,
    help: () => 'the shards belong to different checkpoints: download all of them anew',
  }),
  E0658: entry<{ bytes: number; limit: number }>({
    title: 'the shards of an index are too large',
    message: ({ bytes, limit }) => `the shards have ${bytes} bytes together; ${limit} are the most`,
  }),
} as const
