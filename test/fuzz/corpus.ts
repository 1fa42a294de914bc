import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Module } from '../../src/parser/ast.ts'
import { parse } from '../../src/parser/parse.ts'
import type { SourceHost } from '../../src/project/load.ts'
import type { SourceFile } from '../../src/source/source-file.ts'
import type { Files } from './generate/programs.ts'

/** Programs start in the root of the project: the fuzzer's by its runner, the tests' by theirs. */
const root = process.cwd()

/** Texts of the project that are programs, right or wrong, by how long it takes to compile one. */
export interface Corpus {
  /** Fixtures, examples, snippets of the docs. */
  readonly small: readonly string[]
  /** The library and the networks, which take the time of fifty small ones. */
  readonly large: readonly string[]
  /** What counts to thousands, mostly to meet a limit, and takes the time of hundreds. */
  readonly exhausting: readonly string[]
}

export function readCorpus(): Corpus {
  const folders = [
    'specs/std',
    'specs/networks',
    'examples',
    'test/fixtures',
    'test/parser/fixtures',
    'test/examples',
  ]
  const pages = [
    'README.md',
    'docs/language.md',
    ...filesOf('docs/errors').map((name) => `docs/errors/${name}`),
  ]
  const texts = [
    ...folders.flatMap((folder) => filesBelow(join(root, folder))).map(textOf),
    ...pages.flatMap((page) => snippets(textOf(join(root, page)))),
  ].filter((text) => text.length < 20_000)
  const sizes = texts.map(sizeOf)
  const ofSize = (size: keyof Corpus): string[] => texts.filter((_, index) => sizes[index] === size)
  return { small: ofSize('small'), large: ofSize('large'), exhausting: ofSize('exhausting') }
}

const filesOf = (folder: string): string[] => readdirSync(join(root, folder)).sort()

/** By the text alone, so that the same seed gives the same inputs on each machine. */
function sizeOf(text: string): keyof Corpus {
  if (/\.\.\d{4}/.test(text)) return 'exhausting'
  return text.length > 900 ? 'large' : 'small'
}

const textOf = (path: string): string => readFileSync(path, 'utf8')

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.arch') ? [path] : [],
    )
}

const snippets = (page: string): string[] =>
  [...page.matchAll(/```arch([^\n]*)\n(.*?)```/gs)].map(([, marks = '', text = '']) =>
    marks.includes('statements') ? inNetwork(text) : text,
  )

/** As docs/language.md says that such a snippet is to be read. */
const inNetwork = (text: string): string =>
  `import { basic, bottleneck } from "std/resnet"\nimport { se } from "std/attention"\nnetwork snippet() {\n  input 64 x 56 x 56\n${text}}\n`

const library = new Map<string, string>()
const trees = new Map<string, Module>()

/** Over texts in memory, and the library. As the built program does, it parses a file of the library only once. */
export function hostOver(files: Files): SourceHost {
  return {
    read: (path) => (Object.hasOwn(files, path) ? files[path] : libraryText(path)),
    parsed: (file) => (Object.hasOwn(files, file.path) ? undefined : treeOf(file)),
    library: () => ['std/attention.arch', 'std/resnet.arch', 'std/layers.arch'],
  }
}

function libraryText(path: string): string | undefined {
  if (!/^std\/\w+\.arch$/.test(path)) return undefined
  const known = library.get(path)
  if (known !== undefined) return known
  const file = join(root, 'specs', path)
  if (!existsSync(file)) return undefined
  const text = textOf(file)
  library.set(path, text)
  return text
}

function treeOf(file: SourceFile): Module {
  const known = trees.get(file.path)
  if (known !== undefined) return known
  const { module } = parse(file)
  trees.set(file.path, module)
  return module
}
