import { createHash } from 'node:crypto'
import { valueNames } from '../../analysis/sweep/outcome.ts'
import type { Program } from '../../project/load.ts'
import { findDevice } from '../../runtime/files/devices.ts'
import type { SweepRequest } from './plan.ts'

declare const ARCHC_VERSION: string | undefined

/** What a point's outcome depends on, each part as a hash, by what messages call it. */
export type Fingerprint = Readonly<Record<string, string>>

export async function fingerprintOf(
  { target, over, sample, options }: SweepRequest,
  program: Program,
): Promise<Fingerprint> {
  const { device, engine, precision, batch, layout, training, partialConv, abn, timeModel } = options
  const sources = [...program.modules].map(([path, { file }]) => [path, file.text])
  return {
    'version of archc': hashOf([typeof ARCHC_VERSION === 'string' ? ARCHC_VERSION : '', valueNames]),
    network: hashOf([target, options.network]),
    'text of the spec': hashOf(sources),
    settings: hashOf([options.set, options.with, options.without, options.inputSize]),
    dimensions: hashOf([over, sample]),
    device: hashOf(device === 'none' ? device : await findDevice(device)),
    engine: hashOf([engine, precision, batch, layout, training, partialConv, abn, timeModel]),
  }
}

/** Of values that JSON can say; absent ones count as null. */
const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** The names of the parts in which two differ. */
export const differing = (a: Fingerprint, b: Fingerprint): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((part) => a[part] !== b[part])
