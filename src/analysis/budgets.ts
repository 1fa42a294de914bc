import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Analysis, LayerAnalysis } from './analysis.ts'
import { measuresWith, optionName, type MeasuresWith } from './measures.ts'

/** Limits that a network has to keep, by measure; a limit of seconds asks for a prediction. */
export type Budgets = Readonly<Partial<Record<MeasuresWith<'budget'>, number>>>

type Budgeted = ReturnType<typeof measuresWith<'budget'>>[number]

/** E1302 for every budget that is exceeded, at the layer that has the largest part in it. */
export function exceeded(analysis: Analysis, budgets: Budgets): Diagnostic[] {
  return measuresWith('budget').flatMap((measure) => {
    const limit = budgets[measure.key]
    return limit === undefined ? [] : faultOf(analysis, measure, limit)
  })
}

function faultOf(analysis: Analysis, measure: Budgeted, limit: number): Diagnostic[] {
  const amount = measure.ofNetwork(analysis) ?? 0
  if (amount <= limit) return []
  // Only memory has no value of its own for a layer: it is held by several at once.
  const layer = measure.ofPart === undefined ? peakLayer(analysis) : largest(analysis, measure)
  const place =
    layer === undefined
      ? { path: analysis.network }
      : { path: layer.called_from.file, position: layer.called_from }
  const part = layer && measure.ofPart?.(layer)
  const facts = {
    network: analysis.network,
    unit: measure.budget.unit,
    amount,
    limit,
    ...(layer === undefined ? {} : { layer: layer.path, op: layer.op }),
    ...(part === undefined ? {} : { part }),
    ...(measure.sort === undefined ? {} : { order: optionName(measure) }),
  }
  return [diagnose('E1302', place, facts)]
}

const peakLayer = ({ layers, memory }: Analysis): LayerAnalysis | undefined => layers[memory.peak_layer]

function largest({ layers }: Analysis, { ofPart }: Budgeted): LayerAnalysis | undefined {
  const amount = (layer: LayerAnalysis): number => ofPart?.(layer) ?? 0
  return layers.reduce<LayerAnalysis | undefined>(
    (most, layer) => (most === undefined || amount(layer) > amount(most) ? layer : most),
    undefined,
  )
}
