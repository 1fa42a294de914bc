import { entry } from '../entry.ts'

/** E08xx: compiled models and the JSON of the IR. */
export const models = {} as const
