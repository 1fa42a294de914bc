import { entry } from '../entry.ts'

/** E03xx: tensors, shapes and the rules of operators. */
export const shapes = {} as const
