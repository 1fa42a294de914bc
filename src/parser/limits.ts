/**
 * A source file may have this many characters (UTF-16 units) at most. Hand-written specs have a few thousand; this many of short tokens
 * take a second and 180 MB to parse.
 */
export const MAX_SOURCE_LENGTH = 1 << 19

/** A name may have this many characters at most. */
export const MAX_NAME = 200

/**
 * Expressions, bodies and `else if`s inside one another at most, so that recursive descent can't exhaust the stack: it
 * takes up to 5 KB for a level (`if if if ...`), of the 984 KB that Node has by default.
 */
export const MAX_NESTING = 64

/** A syntax tree may be this deep at most, so that every later recursive walk has a stack to run on. */
export const MAX_TREE_DEPTH = 500

/** At most this many mistakes are reported for one file. */
export const MAX_MISTAKES = 100
