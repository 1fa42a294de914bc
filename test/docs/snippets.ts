import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

/** A fenced block of a page: ```` ```arch statements error=E0312 ````. */
export interface Snippet {
  readonly language: string
  /** Line of the page where the fence opens, from 1. */
  readonly line: number
  readonly text: string
  /** Inside of a network, without declarations of its own. */
  readonly isStatements: boolean
  /** Only there for others to import; not compiled by itself. */
  readonly isPart: boolean
  /** The one code that it gives. */
  readonly error?: string
  /** What others import it as. */
  readonly file?: string
  /** How a file without networks is used, so that its blocks are built: `dense(32,6)`. */
  readonly use?: string
  /** The network whose report stands here. */
  readonly analyze?: string
}

export function snippetsOf(page: string): readonly Snippet[] {
  return [...page.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map((match) => {
    const [, language = '', info = '', text = ''] = match
    const words = info.trim().split(/\s+/)
    const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1)
    const [error, file, use, analyze] = [value('error'), value('file'), value('use'), value('analyze')]
    return {
      language,
      line: page.slice(0, match.index).split('\n').length,
      text,
      isStatements: words.includes('statements'),
      isPart: words.includes('part'),
      ...(error === undefined ? {} : { error }),
      ...(file === undefined ? {} : { file }),
      ...(use === undefined ? {} : { use }),
      ...(analyze === undefined ? {} : { analyze }),
    }
  })
}

export const archOf = (snippets: readonly Snippet[]): readonly Snippet[] =>
  snippets.filter(({ language }) => language === 'arch')

const beforeStatements = `import { basic, bottleneck } from "std/resnet"
import { se } from "std/attention"

network snippet() {
  input 64 x 56 x 56
`

/** A file of its own; the last operator keeps a network of nothing but numbers from being empty. */
function wholeFile({ isStatements, text, use }: Snippet): string {
  if (use !== undefined) return `${text}\nnetwork use() {\n  input 64 x 56 x 56\n  stage body = ${use}\n}\n`
  return isStatements ? `${beforeStatements}${text}  stage last = relu\n}\n` : text
}

/** Every mistake of a snippet, which may import the page's named ones. */
export function diagnosticsOf(snippet: Snippet, page: readonly Snippet[]): readonly Diagnostic[] {
  const named = page.flatMap((one) => (one.file === undefined ? [] : [[one.file, one.text] as const]))
  const entry = snippet.file ?? 'example.arch'
  const host = hostOf({ ...Object.fromEntries(named), [entry]: wholeFile(snippet) })
  const found = checkProgram(loadProgram(entry, host))
  // Statements are an excerpt: what follows them would use what they name.
  return snippet.isStatements || snippet.use !== undefined
    ? found.filter(({ code }) => !/^E052[567]$/.test(code) || snippet.error === code)
    : found
}

export const codesOf = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code}: ${message}`)
