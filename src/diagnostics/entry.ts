/** A catalogue entry: all the wording of one mistake. Sites report facts, never sentences. */
export interface Entry<Facts> {
  /** One line for the index of `docs/errors/`. */
  readonly title: string
  readonly severity?: 'error' | 'warning'
  readonly message: (facts: Facts) => string
  /** The repair, where one is known. */
  readonly help?: (facts: Facts) => string | undefined
}

/** Declares an entry; a function only so that `Facts` is inferred and checked at each site. */
export const entry = <Facts>(definition: Entry<Facts>): Entry<Facts> => definition
