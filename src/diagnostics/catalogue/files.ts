import { entry } from '../entry.ts'

/** E0900-E0909, E0780-E0785: files and folders, as the file system has them. Their contents have codes of their own. */
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
  E0780: entry<{ target: string | undefined }>({
    title: 'a link is in the way of output',
    message: ({ target }) =>
      target === undefined
        ? 'this is a link that leads nowhere, and nothing is written through it'
        : `this is a link to \`${target}\`, outside its folder, and nothing is written through it`,
    help: ({ target }) =>
      target === undefined
        ? 'remove the link, or write to another name'
        : `to write there, name \`${target}\` itself; else remove the link, or write to another name`,
  }),
  E0781: entry<{ kind: string }>({
    title: 'output to something that is no file',
    message: ({ kind }) => `this is ${kind}, and is not written to: it could be waited for without end`,
    help: () =>
      'name a file, or a folder where several files are written; what is one file can also go to /dev/stdout, which the shell sends where you want it',
  }),
  E0782: entry<{ target: string }>({
    title: 'link leaves the compiled model',
    message: ({ target }) =>
      `the file really lies at \`${target}\`, outside the compiled model, and is not read`,
    help: () => 'copy the file into the folder, or compile the network again',
  }),
  E0783: entry<{ fault: 'foreign' | 'kind' | 'shared' | 'owner'; kind: string }>({
    title: "an unfinished sweep's name is taken",
    message: ({ fault, kind }) => `what lies here is ${takenBy[fault](kind)}, and is left as it is`,
    help: () => 'move it away, or write the table to another name',
  }),
  E0784: entry<object>({
    title: 'the working folder is gone',
    message: () => 'the folder that this command works in was removed, and its path cannot be told',
    help: () => 'change to a folder that exists (`cd`), and try again',
  }),
  E0785: entry<object>({
    title: 'a path that is not UTF-8',
    message: () => 'a name on the way to this file is not UTF-8, and archc cannot tell it apart from others',
    help: () => 'rename the file or folder, or work from a path whose names are UTF-8',
  }),
} as const

const takenBy = {
  foreign: () => 'no unfinished sweep of archc',
  kind: (kind: string) => `${kind}, and no file`,
  shared: () => 'a file with a second name elsewhere (a hard link)',
  owner: () => "another user's file",
} as const
