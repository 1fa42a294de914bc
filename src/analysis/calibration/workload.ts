import type { Device } from '../devices/device.ts'
import type { Kernel } from '../execution/kernel.ts'
import type { Parameters } from '../time/parameters.ts'
import { price, termsOf, type Terms } from '../time/price.ts'

/** The kernels of a step as the time model sees them, equal ones counted: a fit prices them thousands of times. */
export type Workload = readonly { readonly terms: Terms; readonly count: number }[]

export function workloadOf(kernels: readonly Kernel[], batch: number, device: Device): Workload {
  const counts = new Map<string, { readonly terms: Terms; count: number }>()
  for (const kernel of kernels) {
    const terms = termsOf(kernel, batch, device)
    const key = Object.values(terms).join()
    const same = counts.get(key)
    if (same === undefined) counts.set(key, { terms, count: 1 })
    else same.count++
  }
  return [...counts.values()]
}

/** Seconds of a step. */
export function secondsOf(workload: Workload, parameters: Parameters): number {
  let seconds = 0
  for (const { terms, count } of workload) seconds += count * price(terms, parameters).total
  return seconds
}
