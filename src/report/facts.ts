import { type Style, plainPaint, type Painter } from './paint.ts'
import type { Bound } from '../analysis/time/time-model.ts'
import { NOTHING, exact, joined, quantity, significant, percent, memoryQuantity, wrapped } from './units.ts'
import type { Analysis, RunDescription, Throughput, Time, MemoryAnalysis } from '../analysis/analysis.ts'
import { measureOf, measuresWith, optionName } from '../analysis/measures.ts'
import { clipMiddle, printable } from '../diagnostics/printable.ts'
import { widthOf } from './table.ts'

/** A line of a summary: what is counted, how much it is, and what there is to say about it. */
export interface Fact {
  readonly label: string
  readonly number: string
  readonly unit: string
  readonly note: string
  readonly style?: Style
}

/** Facts that belong together. */
export interface Section {
  readonly title: string
  readonly facts: readonly Fact[]
}

/** `64x56x56`, as `--input-size` takes it. */
export const shapeText = (sizes: readonly number[]): string =>
  sizes.length === 0 ? NOTHING : sizes.join('x')

/** What the time of kernels goes to, by what they wait for. */
const limits: Readonly<Record<Bound, string>> = {
  memory: 'bytes',
  compute: 'arithmetic',
  launch: 'launches',
}

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
      { label: measureOf('kernels').title, number: exact(analysis.kernels), unit: '', note: 'a step' },
    ],
  }
}

function parametersFact({ parameters, buffer_elements: buffers }: Analysis): Fact {
  const beside = buffers === 0 ? [] : [`running statistics: ${exact(buffers)}`]
  // Below a thousand the number is exact as it is.
  const whole = parameters < 1000 ? [] : [exact(parameters)]
  return {
    label: measureOf('parameters').title,
    ...quantity(parameters, ''),
    note: [...whole, ...beside].join('; '),
  }
}

function macsFact({ macs, fixed_macs: fixed, run }: Analysis): Fact {
  const where = run.mode === 'training' ? ', forward' : ''
  const beside = fixed === 0 ? '' : `; fixed filters: ${joined(quantity(fixed, ''))}`
  return {
    label: measureOf('macs').title,
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
          label: measureOf('arithmetic').title,
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
        ...estimateFacts(analysis),
      ],
    },
  ]
}

/** What is estimated from figures of the device, where its file has them. */
const estimateFacts = (analysis: Analysis): Fact[] =>
  measuresWith('isEstimate').flatMap((measure) => {
    const value = measure.ofNetwork(analysis)
    if (value === undefined) return []
    return [{ label: optionName(measure), ...quantity(value, measure.unit), note: ESTIMATE }]
  })

/** What is to be said wherever there is room for it. */
export const ESTIMATE =
  "an image; an estimate: bytes and FLOPs times the picojoules of the device's file, without caches, instructions and idling"

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

/** The most that is held, of what, and how many images would fit. */
export function memorySection({ memory, run, layers }: Analysis): Section {
  const layer = layers[memory.peak_layer]
  const where = layer === undefined ? 'before the first operator' : `at ${printable(layer.path)}`
  const parts = partsText(memory)
  return {
    title: memory.unmeasured === undefined ? 'Memory' : 'Memory, modelled and not measured',
    facts: [
      {
        label: 'peak',
        ...memoryQuantity(memory.peak),
        note: parts === '' ? where : `${where}: ${parts}`,
      },
      ...roomFact(memory, run.batch),
      ...modelFact(memory),
    ],
  }
}

/** What is assumed of an engine whose memory was not compared with the engine itself. */
const modelFact = ({ unmeasured }: MemoryAnalysis): Fact[] =>
  unmeasured === undefined ? [] : [{ label: 'model', number: NOTHING, unit: '', note: unmeasured }]

/** Parts of the peak below this are told together. */
const SMALL = 0.005

function partsText({ peak, parts }: MemoryAnalysis): string {
  const large = parts.filter(({ bytes }) => bytes >= SMALL * peak)
  const rest = parts.reduce((sum, { bytes }) => sum + (bytes < SMALL * peak ? bytes : 0), 0)
  const texts = large.map(({ name, bytes }) => `${name} ${amount(bytes)}`)
  return [...texts, ...(rest === 0 ? [] : [`others ${amount(rest)}`])].join(', ')
}

function roomFact({ device }: MemoryAnalysis, batch: number): Fact[] {
  if (device === undefined) return []
  const { bytes, reserved, largest_batch: largest } = device
  const room = `${amount(bytes)}${reserved === 0 ? '' : ` (${amount(reserved)} of it reserved)`}`
  const fact = { label: measureOf('largest_batch').title, number: exact(largest), unit: '' }
  // What grows with no image fits in any number.
  if (largest === Number.MAX_SAFE_INTEGER)
    return [{ ...fact, number: NOTHING, note: `any number of images fits into ${room}` }]
  if (largest >= batch) return [{ ...fact, note: `that fits into ${room}` }]
  const which = largest === 0 ? 'not one image fits' : `the batch of ${exact(batch)} does not fit`
  return [{ ...fact, note: `${which} into ${room}`, style: 'warning' }]
}

const amount = (bytes: number): string => joined(memoryQuantity(bytes))

const INDENT = '  '
const GAP = '  '
/** Notes narrower than this stand on lines of their own. */
const NARROWEST_NOTE = 26

interface Widths {
  readonly label: number
  readonly number: number
  readonly unit: number
  /** Of the terminal. */
  readonly all: number
}

/** Sections below each other, all on one grid: labels at the left, numbers at the right, notes wrapped. */
export function factsText(
  sections: readonly Section[],
  width: number,
  paint: Painter = plainPaint,
): string[][] {
  const facts = sections.flatMap((section) => section.facts)
  const widest = (of: (fact: Fact) => string): number =>
    facts.reduce((most, fact) => Math.max(most, widthOf(of(fact))), 0)
  const widths = {
    label: widest(({ label }) => label),
    number: widest(({ number }) => number),
    unit: widest(({ unit }) => unit),
    all: width,
  }
  return sections.map((section) => [
    ...wrapped(section.title, width).map((line) => paint('heading', line)),
    ...section.facts.flatMap((fact) => factLines(fact, widths, paint)),
  ])
}

function factLines({ label, number, unit, note, style }: Fact, widths: Widths, paint: Painter): string[] {
  const space = (text: string, width: number): string => ' '.repeat(width - widthOf(text))
  const head =
    INDENT +
    paint(style, label) +
    space(label, widths.label) +
    GAP +
    space(number, widths.number) +
    paint(style ?? 'large', number) +
    (unit === '' && note === '' ? '' : ` ${unit}${space(unit, widths.unit)}`)
  const indent = INDENT.length + widths.label + GAP.length + widths.number + 1 + widths.unit + GAP.length
  if (note === '') return [head.trimEnd()]
  const room = widths.all - indent
  if (room < NARROWEST_NOTE) return [head.trimEnd(), ...below(note, 2 * INDENT.length, widths.all)]
  const [first = '', ...rest] = wrapped(note, room)
  return [`${head}${GAP}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)]
}

const below = (note: string, indent: number, width: number): string[] =>
  wrapped(note, width - indent).map((line) => ' '.repeat(indent) + line)
