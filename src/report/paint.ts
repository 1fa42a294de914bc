/** What a piece of a report is; colours are chosen here. Each is said in words too: no meaning is in colour alone. */
export type Style =
  'title' | 'heading' | 'quiet' | 'large' | 'warning' | 'memory' | 'compute' | 'launch' | Differing

/** What a line of a difference tells of. */
type Differing = 'added' | 'removed' | 'changed'

export type Painter = (style: Style | undefined, text: string) => string

const codes: Readonly<Record<Style, string>> = {
  title: '1',
  heading: '1',
  quiet: '2',
  large: '1',
  warning: '1;33',
  memory: '33',
  compute: '36',
  launch: '35',
  added: '32',
  removed: '31',
  changed: '33',
}

/** Select Graphic Rendition sequences, or nothing at all. */
export const painterOf = (color: boolean): Painter =>
  color
    ? (style, text) => (style === undefined || text === '' ? text : `\u001b[${codes[style]}m${text}\u001b[0m`)
    : (_, text) => text

export const plainPaint = painterOf(false)
