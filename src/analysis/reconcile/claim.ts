/** A figure that someone stated, and what it can stand for. */
export interface Claim {
  /** As it was given. */
  readonly text: string
  /** Operations. */
  readonly value: number
  /** One unit of the last digit given: 0.01 G of `4.09`. */
  readonly step: number
  /** What it was called, if it was. */
  readonly calls?: 'MACs' | 'FLOPs'
}

/** How a number agrees with a claim: it rounds to it, or it is cut off to it (3.858 as 3.8). */
export type Agreement = 'rounded' | 'cut'

const scales: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12, p: 1e15 }
/** Of a text in which each stretch of spaces is one space. */
const form = /^(\d{1,16})(?:\.(\d{1,12}))? ?([kmgbtp])? ?-? ?(macs?|m-?adds?|mult-?adds?|flops?)?$/i

/** From this on, a number without a unit is one of operations; below, of billions. */
const PLAIN = 100_000

/**
 * Reads `4.09`, `4.09G`, `43 MMACs`, `0.39B FLOPs`, `5734965248`: billions where no prefix says otherwise and the number
 * is small. Undefined where it is none of these, or 0.
 */
export function readClaim(text: string): Claim | undefined {
  const match = form.exec(text.trim().replace(/\s+/g, ' '))
  if (match === null) return undefined
  const [, whole = '', fraction = '', prefix, noun] = match
  const written = Number(fraction === '' ? whole : `${whole}.${fraction}`)
  const scale = scales[(prefix ?? (written >= PLAIN ? '' : 'g')).toLowerCase()] ?? 1
  if (written === 0) return undefined
  return {
    text: text.trim(),
    value: written * scale,
    step: scale / 10 ** fraction.length,
    ...(noun === undefined ? {} : { calls: /^flops?$/i.test(noun) ? 'FLOPs' : 'MACs' }),
  }
}

/** Compared in units of the last digit, so that neither end depends on how doubles round. */
export function agreement(total: number, { value, step }: Claim): Agreement | undefined {
  const claimed = Math.round(value / step)
  const found = total / step
  if (found >= claimed - 0.5 && found < claimed + 0.5) return 'rounded'
  return Math.floor(found) === claimed ? 'cut' : undefined
}
