/**
 * A source of chance that a seed decides: the same seed gives the same inputs on every machine, so that a finding can
 * be made again from its target, its seed and its number.
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d = 1

  constructor(seed: string) {
    // FNV-1a over the text, three times with other starting values.
    const hash = (start: number): number => {
      let value = start
      for (let at = 0; at < seed.length; at++) value = Math.imul(value ^ seed.charCodeAt(at), 0x01000193)
      return value >>> 0
    }
    this.a = hash(0x811c9dc5)
    this.b = hash(0x9e3779b9)
    this.c = hash(0x85ebca6b)
    for (let turn = 0; turn < 12; turn++) this.next()
  }

  /** From 0 to below 1 (sfc32 of PractRand, which passes its tests). */
  next(): number {
    const sum = (this.a + this.b + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** As `int`, but small numbers are likely and large ones rare: its logarithm is uniform. `low` is at least 1. */
  skewed(low: number, high: number): number {
    return Math.min(high, Math.floor(low * Math.exp(this.next() * Math.log((high + 1) / low))))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let at = result.length - 1; at > 0; at--) {
      const other = this.int(0, at)
      ;[result[at], result[other]] = [result[other]!, result[at]!]
    }
    return result
  }
}
