/** The value of a number's text. An exponent or a decimal point makes it a float. */
export function numberValue(text: string): { value: number; integer: boolean } {
  const value = Number(text.replaceAll('_', ''))
  return { value: Number.isNaN(value) ? 0 : value, integer: !/[.eE]/.test(text) }
}
