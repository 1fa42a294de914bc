import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { readSealed } from '../host/sealed-file.ts'

/**
 * The bundle is compiled through V8's code cache, which the build fills: it halves the time that archc takes to
 * start. V8 looks at its own version and flags, and at the length of the source, and believes the rest: it
 * would run whatever came of a damaged one. So the cache is sealed, with the bundle as its basis; where the seal does not
 * fit, everything is compiled as usual.
 */
export const CORE = 'core.cjs'
export const CACHE = 'core.cache'

/** What the bundle exports; `main.ts` says what each is. */
interface Core {
  readonly main: (args: readonly string[]) => Promise<number>
  readonly serveSweep: () => Promise<void>
}

/** `import.meta.url` of the bundle, which a classic script does not have; the build puts this name in its place. */
const PARAMETERS = 'exports, require, module, bundleUrl'

/** Reads and compiles the bundle of `folder`. */
export function compileCore(folder: string): { readonly script: Script; readonly run: () => Core } {
  const filename = join(folder, CORE)
  const bundle = readFileSync(filename)
  // The bundle is ASCII; said so, V8 need not look.
  const source = `(function (${PARAMETERS}) {${bundle.toString('latin1')}\n})`
  const cachedData = readSealed(join(folder, CACHE), bundle)
  const script = new Script(source, { filename, ...(cachedData === undefined ? {} : { cachedData }) })
  return { script, run: () => evaluate(script, filename) }
}

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  bundleUrl: string,
) => void

function evaluate(script: Script, filename: string): Core {
  const module: { exports: object } = { exports: {} }
  const wrapper = script.runInThisContext() as Wrapper
  wrapper(module.exports, createRequire(filename), module, pathToFileURL(filename).href)
  return module.exports as Core
}
