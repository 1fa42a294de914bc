const prefixes = ['', ' k', ' M', ' G', ' T', ' P'] as const

/** `31389032` as `31.39 M`: four significant digits, decimal prefixes; numbers below a thousand as they are. */
export function human(count: number): string {
  let power = 0
  let scaled = count
  while (Number(scaled.toPrecision(4)) >= 1000 && power < prefixes.length - 1) {
    scaled /= 1000
    power++
  }
  if (power === 0) return String(count)
  const integerDigits = String(Math.trunc(Number(scaled.toPrecision(4)))).length
  return scaled.toFixed(Math.max(0, 4 - integerDigits)) + (prefixes[power] ?? '')
}

/** `31,389,032`, whatever the locale. */
export const exact = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')

/** `12.3%`; empty where there is nothing to share. */
export const share = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)}%`
