import { parseAxes } from '../../sweep/axis.ts'
import { type SweepPlan, sweepMeasures } from '../../sweep/evaluate.ts'
import { spaceOf, type Sample } from '../../sweep/space.ts'
import { findSpec, type Spec } from '../../host/spec.ts'
import { requesterOf, type AnalysisOptions } from '../analysis-options.ts'
import { elaborateOptions, openProgram } from '../load-network.ts'
import type { NetworkOptions } from '../options.ts'
import { createHash } from 'node:crypto'
import type { Program } from '../../project/load.ts'
import { findDevice } from '../../host/built-ins.ts'

/** What a sweep is of, as plain data: each worker makes its plan of it. */
export interface SweepRequest {
  readonly target: string
  /** `width=0.5..2:0.1` each. */
  readonly over: readonly string[]
  readonly sample?: Sample
  readonly options: NetworkOptions & AnalysisOptions
}

/**
 * Reads all that the points share.
 * @param say is told, once, what was asked for and the engine does not do
 * @throws DiagnosticError, UsageError
 */
export async function sweepPlan(
  request: SweepRequest,
  say: (text: string) => void,
): Promise<SweepPlan & { spec: Spec }> {
  const { target, over, sample, options } = request
  const space = spaceOf(parseAxes(over), sample)
  const requester = await requesterOf(options, say)
  const spec = findSpec(target)
  return {
    spec,
    program: openProgram(spec, options),
    options: elaborateOptions(spec, options),
    space,
    request: requester,
  }
}

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
    'version of archc': hashOf([
      typeof ARCHC_VERSION === 'string' ? ARCHC_VERSION : '',
      sweepMeasures.map(({ key }) => key),
    ]),
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
