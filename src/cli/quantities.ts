import { InvalidArgumentError } from 'commander'

const decimal = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 } as const
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const
const seconds = { s: 1, ms: 1e-3, us: 1e-6 } as const

/** `4G`, `390M`, `4.1 GMACs`: a count with a decimal prefix. */
export const parseCount = (text: string): number =>
  quantity(text.trimEnd().replace(/MACs$/i, ''), decimal, 'a number with K, M, G or T is wanted, e.g. 4.1G')

/** `120MB`, `2GiB`, `5e8`: bytes. */
export const parseBytes = (text: string): number =>
  quantity(
    text.trimEnd().replace(/B$/i, ''),
    { ...decimal, ...binary },
    'a number of bytes is wanted, e.g. 120MB or 2GiB',
  )

/** `5ms`, `300us`, `0.2s`, in seconds. */
export const parseDuration = (text: string): number =>
  quantity(text, seconds, 'a time with its unit is wanted, e.g. 5ms')

function quantity(text: string, units: Readonly<Record<string, number>>, wanted: string): number {
  const [, digits = '', unit = ''] =
    /^(\d{1,15}(?:\.\d{1,15})?(?:e\d{1,2})?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? []
  const factor = Object.entries(units).find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1]
  const product = digits === '' || factor === undefined ? NaN : Number(digits) * factor
  // 4.1 * 1e9 is a little less than it should be.
  const value = product >= 1000 ? Math.round(product) : product
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError(`${wanted[0]?.toUpperCase() ?? ''}${wanted.slice(1)}.`)
}
