import { entry } from '../entry.ts'

/** E05xx: networks, stages, slots, and limits of elaboration. */
export const structure = {} as const
