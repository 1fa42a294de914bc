import { entry } from '../entry.ts'

/** E06xx: checkpoints and parameter names. */
export const weights = {} as const
