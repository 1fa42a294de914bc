import { entry } from '../entry.ts'

/** E04xx: compile-time values, types and arguments. */
export const values = {} as const
