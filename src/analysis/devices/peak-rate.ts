import type { DataType, Device, Unit } from './device.ts'

/** A type, and those that stand in for it where a unit of a device does not have it, best first. */
const candidates: Readonly<Record<DataType, readonly DataType[]>> = {
  fp32: ['fp32'],
  tf32: ['tf32', 'fp32'],
  fp16: ['fp16', 'fp32'],
  bf16: ['bf16', 'fp32'],
  int8: ['int8', 'fp16', 'fp32'],
}

/**
 * The peak in FLOP/s of a unit for a type; in a wider one where the device does not have the type. What matrix units would
 * do, a device without them does on its vector units. The reverse does not hold: what runs on vector units (depthwise
 * convolutions) does so because matrix units cannot do it, so that it has their rate only where no other is stated.
 */
export function peakRate({ name, rates }: Device, type: DataType, unit: Unit): number {
  for (const each of unit === 'vector' ? candidates[type] : []) {
    const rate = rates[each]?.vector
    if (rate !== undefined) return rate.value
  }
  for (const each of candidates[type]) {
    const rate = rates[each]?.matrix ?? rates[each]?.vector
    if (rate !== undefined) return rate.value
  }
  throw new Error(`${name} has no rate for ${type}`)
}
