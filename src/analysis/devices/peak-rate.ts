import type { DataType, Device, Unit } from './device.ts'

/** Types that stand in for one that a unit of a device does not have, best first. */
const substitutes: Readonly<Record<DataType, readonly DataType[]>> = {
  fp32: [],
  tf32: ['fp32'],
  fp16: ['fp32'],
  bf16: ['fp32'],
  int8: ['fp16', 'fp32'],
}

/**
 * The peak in FLOP/s of a unit for a type. A device without the unit computes on the other; one without the type, in a
 * wider one.
 */
export function peakRate({ name, rates }: Device, type: DataType, unit: Unit): number {
  const other: Unit = unit === 'matrix' ? 'vector' : 'matrix'
  for (const each of [type, ...substitutes[type]]) {
    const rate = rates[each]?.[unit] ?? rates[each]?.[other]
    if (rate !== undefined) return rate.value
  }
  throw new Error(`${name} has no rate for ${type}`)
}
