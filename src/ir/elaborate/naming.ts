/**
 * Names the operators and blocks within one block call: `as NAME` gives exactly that name; anything else is
 * called after its operator or block with a count (`conv1`, `conv2`), anew in each block.
 */
export class Naming {
  private readonly counts = new Map<string, number>()
  private readonly taken = new Set<string>()

  constructor(readonly prefix: string) {}

  /** A counted name, as a full path. */
  next(base: string): string {
    let name
    do {
      const count = (this.counts.get(base) ?? 0) + 1
      this.counts.set(base, count)
      name = `${base}${count}`
    } while (this.taken.has(name))
    return this.claim(name)
  }

  /** The name as it is, or `undefined` if another operator of this block has it. */
  exactly(name: string): string | undefined {
    return this.taken.has(name) ? undefined : this.claim(name)
  }

  /** The name as it is for its first use, counted from the second on. */
  preferably(name: string): string {
    return this.exactly(name) ?? this.next(name)
  }

  private claim(name: string): string {
    this.taken.add(name)
    return this.prefix === '' ? name : `${this.prefix}.${name}`
  }
}
