const CONTROL_PICTURES = 0x2400
const REPLACEMENT = '\u{FFFD}'

/**
 * Characters that would act on a terminal or reorder what is read: controls, bidirectional overrides, line
 * separators, the byte order mark, and halves of surrogate pairs.
 */
const UNSAFE =
  /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/**
 * The text with every character that acts instead of showing replaced by one that shows: `ESC` becomes `␛`.
 * Each replacement has the length of what it replaces, so offsets stay valid.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code)
    return code === 0x7f ? '\u2421' : REPLACEMENT
  })
}

/** As `printable`, of a text of several lines: line feeds and tabs stay, which no name may bring along. */
export const printableLines = (text: string): string =>
  text.replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : printable(character)))

/** JSON that says the same, and in which whatever acts on a terminal or reorders what is read is written as an escape. */
export const printableJson = (json: string): string =>
  json.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** At most `limit` characters: what is too long loses its middle. */
export function clipMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text
  const half = (limit - 1) >> 1
  return `${text.slice(0, half)}…${text.slice(text.length - half)}`
}

/** Ranges that terminals draw two columns wide (the blocks of Unicode's EastAsianWidth W and F, and emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** Columns that a character (one code point, already printable) takes on a terminal: 0, 1 or 2. */
export function columnsOf(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (/^\p{Mark}/u.test(character)) return 0
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}
