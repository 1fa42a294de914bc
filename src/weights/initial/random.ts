/** FNV-1a of the UTF-8 bytes, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193)
  return state >>> 0
}

/** A bijection of 32 bits in which each input bit flips each output bit about half of the time (C. Wellons, lowbias32). */
function mix(value: number): number {
  let state = value
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d)
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}

/**
 * Uniform numbers in [0, 1) that depend on nothing but `seed`, `name` and how many were taken before: the i-th is a
 * hash of i under two keys made of seed and name. A parameter's values so do not change when others come or go.
 */
export function uniformStream(seed: number, name: string): () => number {
  const inner = hash(`${seed}:${name}`)
  const outer = mix(hash(`${name}:${seed}`))
  let count = 0
  return () => mix(mix((count++ ^ inner) | 0) ^ outer) / 2 ** 32
}

/** Standard normal numbers, two from each two uniform ones (Box & Muller 1958). */
export function normalStream(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
