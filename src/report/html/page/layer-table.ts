import type { Analysis, LayerAnalysis } from '../../../analysis/analysis.ts'
import { exact } from '../../units.ts'
import { columnScale, percent, plain, shape } from '../quantities.ts'
import { placeOf } from './hints.ts'
import type { Column } from './table-rows.ts'

/** A layer, and its place in the order of execution from 1. */
export interface LayerRow {
  readonly layer: LayerAnalysis
  readonly number: number
}

type LayerColumn = Column<LayerRow>

/** By title, for the sign before it. */
export const KIND = 'Kind'

/** What the table says of every layer; times only where a device was asked for. */
export function layerColumns({ layers, time }: Analysis): LayerColumn[] {
  const amount = (title: string, unit: string, of: (layer: LayerAnalysis) => number): LayerColumn =>
    amountColumn(title, unit, layers.map(of), of)
  const columns: LayerColumn[] = [
    { title: '#', value: ({ number }) => number, text: ({ number }) => exact(number) },
    {
      ...textColumn('Layer', ({ path }) => path),
      stays: true,
      hint: ({ layer }) => `${layer.path}\n${placeOf(layer)}`,
    },
    textColumn('Operator', ({ op }) => op),
    textColumn(KIND, ({ kind }) => kind, fusedText),
    {
      title: 'Output',
      value: ({ layer }) => layer.output.reduce((product, size) => product * size, 1),
      text: ({ layer }) => shape(layer.output),
    },
    amount('Parameters', '', ({ parameters }) => parameters),
    macsColumn(layers),
    amount('Other ops', '', ({ arithmetic }) => arithmetic),
    amount('Bytes', 'B', ({ bytes }) => bytes),
    { title: 'FLOP/B', value: ({ layer }) => layer.intensity, text: ({ layer }) => plain(layer.intensity) },
  ]
  return time === undefined ? columns : [...columns, ...timeColumns(layers)]
}

function timeColumns(layers: readonly LayerAnalysis[]): LayerColumn[] {
  const secondsOf = ({ time }: LayerAnalysis): number => time?.seconds ?? 0
  return [
    amountColumn('Time', 's', layers.map(secondsOf), secondsOf),
    {
      title: 'Share',
      value: ({ layer }) => layer.time?.share ?? 0,
      text: ({ layer }) => (secondsOf(layer) > 0 ? percent(layer.time?.share ?? 0) : '0'),
    },
    textColumn('Bound by', (layer) => (secondsOf(layer) > 0 ? (layer.time?.bound ?? '') : '')),
  ]
}

function amountColumn(
  title: string,
  unit: string,
  values: readonly number[],
  of: (layer: LayerAnalysis) => number,
): LayerColumn {
  const scale = columnScale(values, unit)
  return {
    title,
    unit: scale.unit,
    value: ({ layer }) => of(layer),
    text: ({ layer }) => scale.text(of(layer)),
    hint: ({ layer }) =>
      unit === 's' ? `${of(layer).toPrecision(4)} s` : `${exact(Math.round(of(layer)))} ${unit}`,
  }
}

/** Those of filters that are not learned are no part of any total, so they stand in parentheses. */
function macsColumn(layers: readonly LayerAnalysis[]): LayerColumn {
  const scale = columnScale(
    layers.map(({ macs, fixed_macs: fixed }) => Math.max(macs, fixed)),
    '',
  )
  return {
    title: 'MACs',
    unit: scale.unit,
    value: ({ layer }) => layer.macs,
    text: ({ layer: { macs, fixed_macs: fixed } }) =>
      fixed > 0 && macs === 0 ? `(${scale.text(fixed)})` : scale.text(macs),
    hint: ({ layer: { macs, fixed_macs: fixed } }) =>
      `${exact(macs)}${fixed > 0 ? ` and ${exact(fixed)} in fixed filters` : ''}`,
  }
}

const textColumn = (
  title: string,
  of: (layer: LayerAnalysis) => string,
  hint?: (layer: LayerAnalysis) => string,
): LayerColumn => ({
  title,
  value: ({ layer }) => of(layer),
  text: ({ layer }) => of(layer),
  ...(hint === undefined ? {} : { hint: ({ layer }) => hint(layer) }),
})

const fusedText = ({ fused_into: other }: LayerAnalysis): string => (other === null ? '' : `done in ${other}`)
