import { spellings } from '../ops/index.ts'
import { helpers } from './helpers.ts'

/** Every name that `.arch` source may use without declaring or importing it. */
export const builtinNames: ReadonlySet<string> = new Set([...spellings.keys(), ...helpers.keys(), 'none'])
