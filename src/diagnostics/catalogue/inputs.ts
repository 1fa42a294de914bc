import { entry } from '../entry.ts'

/** E07xx: images and arrays that a network is run on. */
export const inputs = {} as const
