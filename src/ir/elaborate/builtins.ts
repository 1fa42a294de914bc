import { spellings } from '../ops/index.ts'
import { helpers } from './helpers.ts'

/** Every name that `.arch` source may use without declaring or importing it. */
export const builtinNames: ReadonlySet<string> = new Set([...spellings.keys(), ...helpers.keys(), 'none'])

/** What a name is that no file declares: `none` is an operator too, which does nothing. */
export const builtinKind = (name: string): 'operator' | 'function' | undefined =>
  helpers.has(name) ? 'function' : builtinNames.has(name) ? 'operator' : undefined
