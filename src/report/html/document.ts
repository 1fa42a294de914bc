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

export const noMarkup = trusted('')

/**
 * A value as JSON for a script element: nothing in it can end the element, begin a comment there, or end a line of
 * JavaScript. https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Text that stands in the page, and how the page's policy recognises it. */
export interface InlineAsset {
  readonly text: string
  /** SHA-256 of `text` in base64, as a Content-Security-Policy wants it. */
  readonly sha256: string
}

/** What the build made of `page/`; `readPageAssets` gives it. */
export interface PageAssets {
  readonly script: InlineAsset
  readonly style: InlineAsset
}

interface DocumentParts {
  readonly title: string
  readonly heading: Markup
  readonly body: Markup
  /** What the script draws; `readData` of `page/dom.ts` reads it. */
  readonly data: unknown
}

/** A square of four bars: the page is to fetch nothing, not even an icon. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230072b2' " +
  "d='M2 10h2v4H2zM6 6h2v8H6zM10 8h2v6h-2zM14 2h1v12h-1z'/%3E%3C/svg%3E"

/** The whole page: one file that needs nothing else, and may fetch nothing else. */
export function htmlDocument({ title, heading, body, data }: DocumentParts, assets: PageAssets): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="archc">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${trusted(assets.style.text)}</style>
</head>
<body>
<header class="top">
<div>${heading}</div>
${THEME_SWITCH}
</header>
<main>
${body}
</main>
<script type="application/json" id="data">${trusted(scriptJson(data))}</script>
<script>${trusted(assets.script.text)}</script>
</body>
</html>
`.html
}

const policyOf = ({ script, style }: PageAssets): string =>
  [
    "default-src 'none'",
    `script-src 'sha256-${script.sha256}'`,
    `style-src 'sha256-${style.sha256}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const THEME_SWITCH = markup`<fieldset class="theme needs-script">
  <legend>Theme</legend>
  <label><input type="radio" name="theme" value="system" checked><span>System</span></label>
  <label><input type="radio" name="theme" value="light"><span>Light</span></label>
  <label><input type="radio" name="theme" value="dark"><span>Dark</span></label>
</fieldset>`
