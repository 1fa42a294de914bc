/** The most tensors that one file or one index of shards may name. The largest checkpoints have some thousands. */
export const TENSOR_LIMIT = 100_000

/** Colons, commas and opening brackets together; an entry of a tensor has about 15 of them. */
const TOKEN_LIMIT = 30 * TENSOR_LIMIT

/** The most bytes of JSON that are parsed: 300 for each of the most tensors. */
const JSON_LIMIT = 2 ** 25

/** A header holds objects that hold lists; parsing millions of brackets would take minutes. */
const DEPTH_LIMIT = 8

const [QUOTE, BACKSLASH, COLON, COMMA, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] =
  new TextEncoder().encode('"\\:,{}[]')

export type JsonExcess = 'depth' | 'tensors' | 'values' | 'bytes'

export interface JsonScan {
  /** The keys of the outermost object as they are written; a parser keeps only the last of equal ones. */
  readonly keys: number
  /** Which limit the text exceeds: it is not to be parsed. */
  readonly excess?: JsonExcess
}

/**
 * Looks over JSON in one pass, before a parser makes an object of each of its values: 100 MB of small objects would
 * take gigabytes. The scan stops at the first limit that the text exceeds. It does not check the grammar.
 */
export function scanJson(bytes: Uint8Array): JsonScan {
  let [depth, keys, tokens, inString] = [0, 0, 0, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString && byte === BACKSLASH) at++
    else if (byte === QUOTE) inString = !inString
    else if (inString) continue
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      tokens++
      if (++depth > DEPTH_LIMIT) return { keys, excess: 'depth' }
    } else if (byte === COLON || byte === COMMA) {
      tokens++
      if (byte === COLON && depth === 1) keys++
    }
    // One key more than tensors: `__metadata__`.
    if (keys > TENSOR_LIMIT + 1) return { keys, excess: 'tensors' }
    if (tokens > TOKEN_LIMIT) return { keys, excess: 'values' }
  }
  return bytes.length > JSON_LIMIT ? { keys, excess: 'bytes' } : { keys }
}

/** What a diagnostic says of the limit (E0651). */
export const limitOf = (excess: Exclude<JsonExcess, 'depth'>): number =>
  ({ tensors: TENSOR_LIMIT, values: TOKEN_LIMIT, bytes: JSON_LIMIT })[excess]
