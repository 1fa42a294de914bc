/**
 * How a text reads what a name was bound to: as a whole, for its size alone, or one item of a list.
 * All paths count, taken or not.
 */
export type Reading = 'whole' | 'size' | number

/** Items beyond are read as a whole: nobody writes so many one by one. */
const MOST_ITEMS = 64

/** What a name may hold at a place of the text: one binding, or one of several where paths meet. */
export class Version {
  readonly readings = new Set<Reading>()
  private readonly from: Version[] = []

  /**
   * @param isTensor whether it is a tensor or a list of tensors for certain
   * @param mayWait whether it may be an operator or a block, to which a pipeline would give `x`
   */
  constructor(
    readonly isTensor: boolean,
    readonly mayWait: boolean,
  ) {}

  meet(other: Version): void {
    this.from.push(other)
    for (const reading of this.readings) other.read(reading)
  }

  read(reading: Reading): void {
    const pending: Version[] = [this]
    for (let version = pending.pop(); version !== undefined; version = pending.pop()) {
      const { readings } = version
      const noted = readings.size < MOST_ITEMS ? reading : 'whole'
      if (readings.has('whole') || readings.has(noted)) continue
      readings.add(noted)
      pending.push(...version.from)
    }
  }
}

/** One of several versions; a name without a value on a path has none there. */
export function meeting(versions: readonly (Version | undefined)[]): Version | undefined {
  const [first, ...others] = [...new Set(versions)].filter((version) => version !== undefined)
  if (first === undefined || others.length === 0) return first
  const all = [first, ...others]
  const isTensor = all.every((version) => version.isTensor)
  const met = new Version(
    isTensor,
    all.some((version) => version.mayWait),
  )
  for (const version of all) met.meet(version)
  return met
}
