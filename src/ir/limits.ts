/** The most operators that a network may have. */
export const MAX_OPERATORS = 20_000

/** The most tensors: far beyond what real networks have, and small enough to check at once. */
export const MAX_VALUES = 1_000_000
