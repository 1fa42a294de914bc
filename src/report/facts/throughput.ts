import type { Analysis, Throughput, Time } from '../../analysis/analysis.ts'
import type { Bound } from '../../analysis/time/time-model.ts'
import { printable } from '../../diagnostics/printable.ts'
import { exact, joined, NOTHING, percent, quantity, significant } from '../units.ts'
import type { Fact, Section } from './fact.ts'
import { limits } from './words.ts'

/** What a device makes of it, how far that can be trusted, and why it is so; nothing where no device was asked for. */
export function throughputSections(analysis: Analysis): Section[] {
  const { throughput, time, run, layers } = analysis
  if (throughput === undefined || time === undefined) return []
  return [
    {
      title: titleOf(throughput),
      facts: [
        speedFact(throughput, run.batch),
        errorFact(throughput),
        boundFact(time),
        ridgeFact(analysis, throughput, time),
        ceilingFact('MACs', throughput.compute_ceiling, run.batch, peaksText(throughput, layers)),
        ceilingFact('bytes', throughput.memory_ceiling, run.batch, bandwidthText(throughput)),
      ],
    },
  ]
}

function titleOf({ title, model, calibrated_on: other }: Throughput): string {
  const on = `On ${printable(title)}, as the ${model} model predicts`
  return other === undefined ? on : `${on} with efficiencies measured on ${printable(other)}`
}

const speedFact = ({ images_per_second: speed, seconds }: Throughput, batch: number): Fact => ({
  label: 'speed',
  number: speed === 0 ? NOTHING : significant(speed),
  unit: 'img/s',
  note: `${duration(seconds)} a step${batch === 1 ? '' : ` of ${exact(batch)} images`}`,
  style: 'title',
})

function errorFact({ error, error_unknown: beyond }: Throughput): Fact {
  if (error === undefined)
    return {
      label: 'error',
      number: NOTHING,
      unit: '',
      note:
        beyond === undefined
          ? 'unknown: never compared with measurements of such steps on this device'
          : `not known: ${printable(beyond)}`,
    }
  const { median, p90, source } = error
  const note = `median; more than ${percent(p90)} % for one in ten (${printable(source)})`
  return { label: 'error', number: `±${percent(median)}`, unit: '%', note }
}

/** @param ceiling images a second; 0 where there is nothing of the kind to do */
function ceilingFact(what: string, ceiling: number, batch: number, peak: string): Fact {
  const label = `if only ${what}`
  if (ceiling === 0) return { label, number: NOTHING, unit: '', note: 'there are none' }
  const note = `${duration(batch / ceiling)} a step, at the peak of ${peak}`
  return { label, number: significant(ceiling), unit: 'img/s', note }
}

/** Of the vector unit too, where kernels run there. */
function peaksText({ peaks: { matrix, vector } }: Throughput, layers: Analysis['layers']): string {
  const isUsed = vector !== matrix && layers.some(({ kind }) => kind === 'depthwise')
  return `${rate(matrix)} TFLOP/s${isUsed ? ` (depthwise: ${rate(vector)})` : ''}`
}

const rate = (value: number): string => significant(value / 1e12, 3)

const bandwidthText = ({ peaks }: Throughput): string => `${significant(peaks.bandwidth / 1e9, 3)} GB/s`

/** Which of the three limits most of the time, and what the rest waits for. */
function boundFact(time: Time): Fact {
  const { bound, seconds } = time
  const others = (['memory', 'compute', 'launch'] as const)
    .filter((each) => each !== bound && time[each] > 0)
    .map((each) => `${limits[each]} ${percent(time[each], seconds)} %`)
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`
  const advice = bound === 'launch' ? '; a larger batch gives kernels more to do' : ''
  const note = `of the time limited by ${limits[bound]}${rest}${advice}`
  return { label: `${bound}-bound`, number: percent(time[bound], seconds), unit: '%', note, style: bound }
}

function ridgeFact({ intensity }: Analysis, { ridge }: Throughput, { bound }: Time): Fact {
  const has = `this network has ${significant(intensity)}`
  return {
    label: 'ridge',
    number: significant(ridge),
    unit: 'FLOP/B',
    note: `from which on arithmetic limits; ${has}${surprise(intensity >= ridge, bound)}`,
  }
}

/** Where the whole network's intensity does not agree with what most of its time waits for. */
function surprise(isAbove: boolean, bound: Bound): string {
  if (bound === 'memory' && isAbove) return ', yet kernels with less take most of its time'
  if (bound === 'compute' && !isAbove) return ', yet arithmetic below its peak takes most of the time'
  return ''
}

const duration = (seconds: number): string => joined(quantity(seconds, 's'))
