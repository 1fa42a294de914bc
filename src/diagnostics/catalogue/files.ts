import { entry } from '../entry.ts'

/** E0900-E0909: files and folders, as the file system has them. Their contents have codes of their own. */
export const files = {
  E0900: entry<{ name: string; nearest: string | undefined }>({
    title: 'no such network or file',
    message: ({ name }) => `there is neither a built-in network nor a file called \`${name}\``,
    help: ({ nearest }) =>
      nearest === undefined
        ? '`archc networks` lists the built-in networks'
        : `did you mean \`${nearest}\`? \`archc networks\` lists the built-in networks`,
  }),
  E0901: entry<{ kind: string; wanted: string }>({
    title: 'not a regular file',
    message: ({ kind, wanted }) => `this is ${kind}, and ${wanted} is wanted`,
  }),
  E0902: entry<{ size: number; limit: number }>({
    title: 'file too large',
    message: ({ size, limit }) => `the file has ${size} bytes; ${limit} are the most`,
  }),
  E0903: entry<{ offset: number; byte: number }>({
    title: 'not UTF-8',
    message: ({ offset, byte }) =>
      `a source is UTF-8 text, and byte ${offset} (0x${byte.toString(16).padStart(2, '0')}) is not`,
    help: () => 'save the file as UTF-8',
  }),
  E0904: entry<{ reason: string }>({
    title: 'file cannot be read',
    message: ({ reason }) => `the file cannot be read: ${reason}`,
  }),
  E0905: entry<{ target: string }>({
    title: 'link leaves the project',
    message: ({ target }) => `the file really lies at \`${target}\`, outside the project, and is not read`,
    help: () => 'copy the file into the project, or import the library through `std/...`',
  }),
  E0906: entry<{ holds: string }>({
    title: 'folder would be replaced',
    message: ({ holds }) => `the folder is not a compiled model (it holds ${holds}) and is left as it is`,
    help: () => 'name another folder, or give `--force` to replace it with all it holds',
  }),
  E0907: entry<{ reason: string }>({
    title: 'cannot be written',
    message: ({ reason }) => `this cannot be written: ${reason}`,
  }),
  E0908: entry<{ extension: string; known: readonly string[] }>({
    title: 'unknown kind of file',
    message: ({ extension, known }) =>
      `${extension === '' ? 'a file without an extension' : `\`${extension}\``} is no input; known are ${known.join(', ')}`,
  }),
  E0909: entry<{ what: string; name: string; known: readonly string[] }>({
    title: 'no such name map or list of labels',
    message: ({ what, name }) =>
      `no ${what} is called \`${name}\`, neither beside the spec nor among those of archc`,
    help: ({ known }) => `archc has ${known.map((each) => `\`${each}\``).join(', ')}`,
  }),
} as const
