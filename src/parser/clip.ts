const LONGEST = 40

/** A piece of source text as messages quote it: an endless name does not make an endless message. */
export const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
