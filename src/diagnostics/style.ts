/** What a piece of rendered text is; colours are chosen here and nowhere else. */
export type Role = 'error' | 'warning' | 'strong' | 'frame' | 'label' | 'plain'

export type Paint = (role: Role, text: string) => string

const codes: Readonly<Record<Role, string>> = {
  error: '1;31',
  warning: '1;33',
  strong: '1',
  frame: '1;34',
  label: '1;34',
  plain: '',
}

/** Select Graphic Rendition sequences, or nothing at all. */
export const painter = (color: boolean): Paint =>
  color
    ? (role, text) => (codes[role] === '' || text === '' ? text : `\u001b[${codes[role]}m${text}\u001b[0m`)
    : (_, text) => text
