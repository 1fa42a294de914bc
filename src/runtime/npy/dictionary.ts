export interface NpyDictionary {
  readonly dtype: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/** numpy's own limit is 64 axes. */
const AXES_LIMIT = 64

/** Strings, whole numbers (with the `L` of Python 2), names, and punctuation. */
const TOKEN = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d{1,16})L?|([A-Za-z]+)|([{}()[\],:]))/y

/**
 * The Python dictionary in a header: `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }`. Read as the
 * few literals that it is made of, never evaluated; `undefined` for anything else. A dtype that is not a string (a
 * record) comes out as its text.
 */
export function parseDictionary(text: string): NpyDictionary | undefined {
  const tokens = tokenize(text)
  if (tokens === undefined || tokens.shift() !== '{') return undefined
  const fields = new Map<string, readonly string[]>()
  while (tokens[0] !== '}') {
    const [key, colon] = tokens.splice(0, 2)
    const value = takeValue(tokens)
    if (key === undefined || colon !== ':' || value === undefined || fields.has(key)) return undefined
    fields.set(key, value)
    if (tokens[0] === ',') tokens.shift()
    else if (tokens[0] !== '}') return undefined
  }
  return tokens.length === 1 && fields.size === 3 ? fromFields(fields) : undefined
}

/** Strings keep an opening quote, so that `'('` is no bracket. */
function tokenize(text: string): string[] | undefined {
  const tokens: string[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text)
    if (match === null) return undefined
    const [, single, double, number, name, mark] = match
    const string = single ?? double
    tokens.push(string === undefined ? (number ?? name ?? mark ?? '') : `'${string}`)
  }
  return tokens
}

/** The tokens of one value: a single one, or all within a pair of brackets. */
function takeValue(tokens: string[]): readonly string[] | undefined {
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (token === '(' || token === '[') depth++
    if (token === ')' || token === ']') depth--
    if (depth === 0) return tokens.splice(0, index + 1)
    if (depth < 0) return undefined
  }
  return undefined
}

function fromFields(fields: ReadonlyMap<string, readonly string[]>): NpyDictionary | undefined {
  const [descr, order] = [fields.get("'descr"), fields.get("'fortran_order")?.join()]
  const shape = toShape(fields.get("'shape") ?? [])
  if (descr === undefined || shape === undefined || (order !== 'True' && order !== 'False')) return undefined
  return {
    dtype: descr.map((token) => token.replace(/^'/, '')).join(' '),
    fortranOrder: order === 'True',
    shape,
  }
}

/** `(1, 3, 224, 224)`, `(5,)` or `()`. */
function toShape(tokens: readonly string[]): readonly number[] | undefined {
  if (tokens[0] !== '(' || tokens.length > 2 * AXES_LIMIT + 2) return undefined
  const inner = tokens.slice(1, -1)
  const isList = inner.every((token, index) => (index % 2 === 0 ? /^\d+$/.test(token) : token === ','))
  const sizes = inner.filter((_, index) => index % 2 === 0).map(Number)
  return isList && sizes.every(Number.isSafeInteger) ? sizes : undefined
}
