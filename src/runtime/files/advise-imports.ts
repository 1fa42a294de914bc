import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceHost } from '../../project/source-host.ts'

/** A declaration begins its line in every file of the library. */
const BLOCK = /^block ([A-Za-z_]\w*)/gm

/**
 * Adds to each unknown name that the library has which import brings it. A compiler alone knows only what a program
 * imports; here the library's files are at hand.
 */
export function adviseImports(diagnostics: readonly Diagnostic[], host: SourceHost): readonly Diagnostic[] {
  if (!diagnostics.some(({ code }) => code === 'E0201')) return diagnostics
  const homes = libraryBlocks(host)
  return diagnostics.map((diagnostic) => {
    const name = unknownName(diagnostic)
    const home = name === undefined ? undefined : homes.get(name)
    if (name === undefined || home === undefined) return diagnostic
    return { ...diagnostic, help: `the library has it: \`import { ${name} } from "${home}"\`` }
  })
}

function unknownName({ code, span }: Diagnostic): string | undefined {
  return code === 'E0201' && span !== undefined ? span.file.text.slice(span.start, span.end) : undefined
}

/** Names of the library's blocks, and the modules that declare them. */
function libraryBlocks(host: SourceHost): ReadonlyMap<string, string> {
  const blocks = host.library().flatMap((path) => {
    const names = (host.read(path) ?? '').matchAll(BLOCK)
    return Array.from(names, ([, name = '']) => [name, path.replace(/\.arch$/, '')] as const)
  })
  // Where several modules declare a name, the first in the order of names is as good as any.
  return new Map(blocks.reverse())
}
