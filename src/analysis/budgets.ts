import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Analysis, LayerAnalysis } from './analysis.ts'

/** Limits that a network has to keep, each in the unit of the report. */
export interface Budgets {
  readonly macs?: number
  /** Bytes moved for one image. */
  readonly bytes?: number
  /** Seconds a step; asks for a prediction. */
  readonly seconds?: number
  /** Bytes held at the peak. */
  readonly memory?: number
}

type Budget = keyof Budgets

/** E1302 for every budget that is exceeded, at the layer that has the largest part in it. */
export function exceeded(analysis: Analysis, budgets: Budgets): Diagnostic[] {
  return (Object.keys(measures) as Budget[]).flatMap((budget) => {
    const limit = budgets[budget]
    return limit === undefined ? [] : faultOf(analysis, budget, limit)
  })
}

interface Measure {
  readonly whole: (analysis: Analysis) => number
  readonly ofLayer: (layer: LayerAnalysis) => number
}

const measures: Readonly<Record<Budget, Measure>> = {
  macs: { whole: ({ macs }) => macs, ofLayer: ({ macs }) => macs },
  bytes: { whole: ({ bytes }) => bytes, ofLayer: ({ bytes }) => bytes },
  seconds: { whole: ({ time }) => time?.seconds ?? 0, ofLayer: ({ time }) => time?.seconds ?? 0 },
  memory: { whole: ({ memory }) => memory.peak, ofLayer: () => 0 },
}

function faultOf(analysis: Analysis, budget: Budget, limit: number): Diagnostic[] {
  const amount = measures[budget].whole(analysis)
  if (amount <= limit) return []
  const blamed = budget === 'memory' ? analysis.layers[analysis.memory.peak_layer] : largest(analysis, budget)
  const place =
    blamed === undefined
      ? { path: analysis.network }
      : { path: blamed.called_from.file, position: blamed.called_from }
  const facts = {
    network: analysis.network,
    budget,
    amount,
    limit,
    ...(blamed === undefined
      ? {}
      : { layer: blamed.path, op: blamed.op, part: measures[budget].ofLayer(blamed) }),
  }
  return [diagnose('E1302', place, facts)]
}

const largest = ({ layers }: Analysis, budget: Budget): LayerAnalysis | undefined =>
  layers.reduce<LayerAnalysis | undefined>(
    (most, layer) =>
      most === undefined || measures[budget].ofLayer(layer) > measures[budget].ofLayer(most) ? layer : most,
    undefined,
  )
