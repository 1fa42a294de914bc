import { printable } from '../../diagnostics/printable.ts'

/** Text that is HTML already. */
export interface Markup {
  readonly html: string
}

type Part = string | number | Markup | readonly Markup[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Plain text as it stands between tags or in a quoted attribute; what acts instead of showing is made to show. */
const escapeHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)

/** Takes text as HTML; only for what archc itself wrote. */
export const trusted = (html: string): Markup => ({ html })

/**
 * HTML with values filled in; all that is not markup is escaped, so that no name of a spec becomes a tag. (Not called
 * `html`: formatters lay that out anew, and white space within a script changes its hash.)
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const text = parts.map((part, index) => part + (index < values.length ? filled(values[index] ?? '') : ''))
  return trusted(text.join(''))
}

function filled(value: Part): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeHtml(value)
  return 'html' in value ? value.html : value.map(({ html }) => html).join('')
}

export const nothing = trusted('')

/**
 * A value as JSON for a script element: nothing in it can end the element, begin a comment there, or end a line of
 * JavaScript. https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
