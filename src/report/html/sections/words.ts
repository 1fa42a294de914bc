import { exact } from '../../units.ts'

/** `1 layer`, `1,204 layers`. */
export const count = (number: number, noun: string): string =>
  `${exact(number)} ${noun}${number === 1 ? '' : 's'}`
