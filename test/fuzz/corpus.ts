import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Module } from '../../src/parser/ast.ts'
import { parse } from '../../src/parser/parse.ts'
import type { SourceHost } from '../../src/project/source-host.ts'
import type { SourceFile } from '../../src/source/source-file.ts'
import type { Files } from './generate/programs.ts'

/** Programs start in the root of the project: the fuzzer's by its runner, the tests' by theirs. */
const root = process.cwd()

/** Texts of the project that are programs, right or wrong: the library, the networks, fixtures, snippets of the docs. */
export function readCorpus(): readonly string[] {
  const folders = [
    'specs/std',
    'specs/networks',
    'examples',
    'test/fixtures',
    'test/parser/fixtures',
    'test/examples',
  ]
  const files = folders.flatMap((folder) => filesBelow(join(root, folder)))
  const pages = [
    'README.md',
    'docs/language.md',
    ...readdirSync(join(root, 'docs/errors')).map((name) => `docs/errors/${name}`),
  ]
  return [...files.map(textOf), ...pages.flatMap((page) => snippets(textOf(join(root, page))))].filter(
    (text) => text.length < 20_000,
  )
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
