import type { Analysis, RunDescription } from '../../analysis/analysis.ts'
import { clipMiddle, printable } from '../../diagnostics/printable.ts'
import { exact, joined, quantity, significant } from '../units.ts'
import type { Fact, Section } from './fact.ts'
import { shapeText } from './words.ts'

const NAME_LIMIT = 80

/** `eager, mixed precision, nhwc, inference at batch 256`, and what else matters to this network. */
export function runText({ run, layers }: Analysis): string {
  const { engine, precision, layout, mode, batch, partialConv } = run
  const norms = inPlaceText(run)
  const has = (op: string): boolean => layers.some((layer) => layer.op === op)
  return [
    `${printable(engine)} engine`,
    `${precision} precision`,
    layout,
    ...(has('abn') && norms !== undefined ? [norms] : []),
    ...(has('partial_conv') ? [`partial convolutions by ${partialConv.replace('_', ' and ')}`] : []),
    `${mode} at batch ${exact(batch)}`,
  ].join(', ')
}

/** `batch norm in place`, or how many are: an activation that cannot be inverted keeps its norm from being so. */
export function inPlaceText({ abn, abn_in_place: counted }: RunDescription): string | undefined {
  if (abn !== 'inplace') return undefined
  if (counted === undefined || counted.in_place === counted.norms) return 'batch norm in place'
  const { norms, in_place: those, not_invertible: names } = counted
  return `${exact(those)} of ${exact(norms)} batch norms in place (${names.join(', ')} cannot be inverted)`
}

export const titleText = ({ network, input }: Analysis): string =>
  `${clipMiddle(printable(network), NAME_LIMIT)}, ${shapeText(input)}`

/** What the network is and does, whatever runs it. */
export function networkSection(analysis: Analysis): Section {
  const training = analysis.run.mode === 'training'
  return {
    title: `The network, for one image${training ? ' of a training step' : ''}`,
    facts: [
      parametersFact(analysis),
      macsFact(analysis),
      flopsFact(analysis, training),
      ...arithmeticFact(analysis),
      bytesFact(analysis),
      {
        label: 'intensity',
        number: significant(analysis.intensity),
        unit: 'FLOP/B',
        note: 'the FLOPs for each byte moved',
      },
      { label: 'kernels', number: exact(analysis.kernels), unit: '', note: 'a step' },
    ],
  }
}

function parametersFact({ parameters, buffer_elements: buffers }: Analysis): Fact {
  const beside = buffers === 0 ? [] : [`running statistics: ${exact(buffers)}`]
  // Below a thousand the number is exact as it is.
  const whole = parameters < 1000 ? [] : [exact(parameters)]
  return { label: 'parameters', ...quantity(parameters, ''), note: [...whole, ...beside].join('; ') }
}

function macsFact({ macs, fixed_macs: fixed, run }: Analysis): Fact {
  const where = run.mode === 'training' ? ', forward' : ''
  const beside = fixed === 0 ? '' : `; fixed filters: ${joined(quantity(fixed, ''))}`
  return {
    label: 'MACs',
    ...quantity(macs, ''),
    note: `${exact(macs)} multiply-accumulates${where}${beside}`,
  }
}

/** Intensity is FLOPs over bytes, so their product is the FLOPs of all kernels. */
function flopsFact({ intensity, bytes, fixed_macs: fixed }: Analysis, training: boolean): Fact {
  const scope = training ? ', forward and backward' : ''
  const filters = fixed === 0 ? '' : ', fixed filters included'
  return { label: 'FLOPs', ...quantity(intensity * bytes, ''), note: `two a MAC${scope}${filters}` }
}

const arithmeticFact = ({ arithmetic }: Analysis): Fact[] =>
  arithmetic === 0
    ? []
    : [
        {
          label: 'other ops',
          ...quantity(arithmetic, ''),
          note: 'additions, comparisons, exponentials; no part of the FLOPs',
        },
      ]

function bytesFact({ bytes, bytes_read, bytes_written, bytes_weights }: Analysis): Fact {
  const [read, written, weights] = [bytes_read, bytes_written, bytes_weights].map((amount) =>
    joined(quantity(amount, 'B')),
  )
  const note = `${read} read, ${written} written, ${weights} of weights a step`
  return { label: 'bytes moved', ...quantity(bytes, 'B'), note }
}
