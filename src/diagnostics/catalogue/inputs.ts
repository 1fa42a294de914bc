import { entry } from '../entry.ts'

const NPY_PROBLEMS = {
  'not-npy': 'it does not begin as a .npy file does',
  version: 'its format version is not 1, 2 or 3',
  truncated: 'it ends within the header',
  'header-too-long': 'its header is longer than 64 KiB',
  'not-a-dictionary': 'its header is not a dictionary of `descr`, `fortran_order` and `shape`',
} as const

const inGiB = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(3))} GiB`

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
