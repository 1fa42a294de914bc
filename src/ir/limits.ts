/** The most operators that a network may have. */
export const MAX_OPERATORS = 20_000

/** The most tensors: far beyond what real networks have, and small enough to check at once. */
export const MAX_VALUES = 1_000_000

/** Blocks within blocks; deeper means that a block is handed to itself. */
export const MAX_BLOCK_DEPTH = 64

/**
 * Characters of an operator's path. What elaboration makes is shorter: a part, its repetition and `MAX_BLOCK_DEPTH` blocks
 * of at most `MAX_NAME` characters each.
 */
export const MAX_PATH = 16_384
