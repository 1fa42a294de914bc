import type { ErrorObject, ValidateFunction } from '../../ir/schema-validator.ts'
import { type Device, type Figure } from './device.ts'
import { dataTypes } from '../../engines/kernel.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'

/** One thing that a device file must be and is not. */
interface FormProblem {
  /** `bandwidth.value`; empty for the whole file. */
  readonly where: string
  /** `must be > 0` */
  readonly wanted: string
}

interface Form {
  /** Absent where there are problems. */
  readonly device?: Device
  readonly problems: readonly FormProblem[]
}

let compiled: Promise<ValidateFunction<Device>> | undefined

/** The document as a device, and everything in which it departs from `specs/schemas/device.schema.json`. */
async function checkForm(json: unknown): Promise<Form> {
  compiled ??= compileSchema()
  const validate = await compiled
  if (validate(json)) return { device: json, problems: [] }
  return { problems: (validate.errors ?? []).filter(saysWhy).map(problemOf) }
}

/** ajv is loaded here, for a file of the user's, and not for the devices that come with archc. */
async function compileSchema(): Promise<ValidateFunction<Device>> {
  const { Ajv2020 } = await import('../../ir/schema-validator.ts')
  const ajv = new Ajv2020({ allErrors: true, ownProperties: true, logger: false })
  return ajv.compile<Device>(deviceSchema())
}

/** After an error about the name of a property ajv says once more that there is one. */
const saysWhy = ({ keyword }: ErrorObject): boolean => keyword !== 'propertyNames'

function problemOf(error: ErrorObject): FormProblem {
  const params: Readonly<Record<string, unknown>> = error.params
  const steps = error.instancePath.split('/').slice(1).map(unescapePointer)
  const { missingProperty: missing, additionalProperty: unwanted, allowedValue, allowedValues } = params
  const at = (key: unknown): string => [...steps, String(key)].join('.')
  if (missing !== undefined) return { where: at(missing), wanted: 'is missing' }
  if (unwanted !== undefined) return { where: at(unwanted), wanted: 'is no field of a device file' }
  if (error.propertyName !== undefined) return { where: at(error.propertyName), wanted: asName(error) }
  const values = allowedValues ?? allowedValue
  const detail = values === undefined ? '' : `: ${JSON.stringify(values)}`
  return { where: steps.join('.'), wanted: `${error.message ?? 'is wrong'}${detail}` }
}

const asName = ({ message = 'is wrong' }: ErrorObject): string => `as a name, ${message}`

/** RFC 6901. */
const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

type Schema = Readonly<Record<string, unknown>>

/** Names of devices and keys of sources: what a shell takes without quotes. */
const NAME: Schema = { type: 'string', pattern: /^[a-z][a-z0-9_]{0,39}$/.source }
const SENTENCE: Schema = { type: 'string', minLength: 1, maxLength: 1000 }
const COUNT: Schema = { type: 'integer', minimum: 1, maximum: 1e6 }
const SHARE: Schema = { type: 'number', minimum: -1, maximum: 1 }
/** Beyond, predictions say nothing; times that a calibration gives stay finite. */
export const LARGEST_ERROR = 1e6
export const LEAST_PARAMETER = 1e-6
export const LARGEST_PARAMETER = 1e6
const ERROR: Schema = { type: 'number', minimum: 0, maximum: LARGEST_ERROR }

/** An object with these keys and no others; a key that ends in `?` may be left out. */
function record(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const keys = Object.keys(properties)
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key.replace('?', ''), value]),
    ),
    required: keys.filter((key) => !key.endsWith('?')),
    additionalProperties: false,
    ...more,
  }
}

const described = (description: string): Schema => ({ description })

/** Bounds are far beyond any machine: they catch a wrong unit (936 for GB/s), and keep sums and quotients finite. */
const figure = (description: string, bounds: Schema): Schema =>
  record({ value: { type: 'number', ...bounds }, source: NAME, 'note?': SENTENCE }, described(description))

const rate = (unit: string): Schema =>
  figure(`Operations a second of ${unit}, dense; a multiply-accumulate is two.`, {
    minimum: 1e6,
    maximum: 1e18,
  })

const rates = (): Schema =>
  record(Object.fromEntries(dataTypes.map((type) => [`${type}?`, { $ref: '#/$defs/units' }])), {
    minProperties: 1,
    description: 'Peak rates by data type and unit. fp16 and bf16 accumulate in fp32.',
  })

const picojoules = (description: string): Schema => figure(description, { exclusiveMinimum: 0, maximum: 1e6 })

const energy = (): Schema =>
  record(
    {
      byte: picojoules('Picojoules of a byte that is read from or written to the memory that holds tensors.'),
      operation: record(
        Object.fromEntries(
          dataTypes.map((type) => [
            `${type}?`,
            picojoules(`Picojoules of a floating-point operation in ${type}; a multiply-accumulate is two.`),
          ]),
        ),
        { minProperties: 1, ...described('There is one for each type that has rates.') },
      ),
    },
    described('What energy is estimated from; absent where no source is known.'),
  )

const errors = (): Schema => record({ median: ERROR, p90: ERROR, spearman: SHARE, kendall: SHARE })

const range = (description: string): Schema => record({ least: COUNT, most: COUNT }, described(description))

const coverage = (): Schema =>
  record(
    {
      batch: range('Images in a step.'),
      image_size: range('Height and width in pixels.'),
      operators: {
        type: 'array',
        items: SENTENCE,
        maxItems: 1000,
        ...described('What the measured networks launch; filters with how they are computed.'),
      },
    },
    described('What was measured: beyond it, the errors are not known.'),
  )

const calibration = (): Schema =>
  record({
    engine: SENTENCE,
    layout: { enum: ['nhwc', 'nchw'] },
    precision: NAME,
    parameters: {
      type: 'object',
      propertyNames: { type: 'string', pattern: /^[A-Za-z][A-Za-z0-9_]{0,39}$/.source },
      additionalProperties: { type: 'number', minimum: LEAST_PARAMETER, maximum: LARGEST_PARAMETER },
      maxProperties: 100,
    },
    rows: COUNT,
    networks: COUNT,
    error: errors(),
    'roofline_error?': errors(),
    'covers?': coverage(),
    source: SENTENCE,
  })

const bytes = { minimum: 1024, maximum: 2 ** 50 }

/** The JSON Schema of a device file: `specs/schemas/device.schema.json`. */
export const deviceSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:archc:device:1',
  title: 'A machine as the cost model of archc sees it',
  ...record({
    '$schema?': { type: 'string' },
    'peaks?': {
      type: 'object',
      ...described('What `archc devices NAME --json` derives from the rest; not read.'),
    },
    archc_device: { const: 1 },
    name: { ...NAME, ...described('As `--device` takes it.') },
    title: SENTENCE,
    kind: { enum: ['gpu', 'cpu'] },
    memory: figure('Bytes of the memory that holds tensors.', bytes),
    reserved: figure('Bytes of it that are gone before the first tensor.', { minimum: 0, maximum: 2 ** 50 }),
    bandwidth: figure('Bytes a second between memory and chip.', { minimum: 1e6, maximum: 1e16 }),
    cache: figure('Bytes of the last cache that all cores share.', bytes),
    launch: figure('Seconds from one kernel to the next.', { exclusiveMinimum: 0, maximum: 1 }),
    rates: rates(),
    'energy?': energy(),
    sources: {
      type: 'object',
      propertyNames: NAME,
      additionalProperties: record({
        title: SENTENCE,
        url: { type: 'string', pattern: '^https?://[!-~]+$', maxLength: 2000 },
      }),
      minProperties: 1,
      maxProperties: 100,
    },
    'calibrations?': { type: 'array', items: { $ref: '#/$defs/calibration' }, maxItems: 100 },
  }),
  $defs: {
    units: record(
      { 'matrix?': rate('tensor cores and their kin'), 'vector?': rate('lanes') },
      { minProperties: 1 },
    ),
    calibration: calibration(),
  },
})

/** Characters; the files that come with archc have less than 10,000. */
export const DEVICE_TEXT_LIMIT = 256 * 1024
/** More would hide the first ones. */
const MOST_PROBLEMS = 20

/**
 * Reads a device file (`specs/schemas/device.schema.json`).
 * @param path how diagnostics name the file
 * @throws DiagnosticError E1001, or every E1002 and E1003 (the first 20)
 */
export async function readDevice(text: string, path: string): Promise<Device> {
  const { device, problems } = await checkForm(parseJson(text, path))
  if (device === undefined) return fail(problems.map((problem) => diagnose('E1002', { path }, problem)))
  const contradictions = contradictionsOf(device, path)
  return contradictions.length > 0 ? fail(contradictions) : device
}

/**
 * A device file that comes with archc: a test has validated it, so that no command waits for a validator.
 * @param text of `specs/devices/NAME.json`
 */
export const trustedDevice = (text: string): Device => JSON.parse(text) as Device

function parseJson(text: string, path: string): unknown {
  if (text.length > DEVICE_TEXT_LIMIT)
    return refuse(path, `it has ${text.length} characters, and ${DEVICE_TEXT_LIMIT} are the most`)
  try {
    return JSON.parse(text)
  } catch (error) {
    return refuse(path, error instanceof SyntaxError ? error.message : 'it cannot be parsed')
  }
}

const refuse = (path: string, reason: string): never => fail([diagnose('E1001', { path }, { reason })])

function fail(problems: readonly Diagnostic[]): never {
  throw new DiagnosticError(problems.slice(0, MOST_PROBLEMS))
}

/** What the form alone does not say. */
function contradictionsOf(device: Device, path: string): readonly Diagnostic[] {
  const known = Object.keys(device.sources)
  const uncited = figuresOf(device)
    .filter(([, { source }]) => !known.includes(source))
    .map(([where, { source }]) => diagnose('E1003', { path }, { where, source, known }))
  const unpriced =
    device.energy === undefined
      ? []
      : dataTypes.filter(
          (type) => device.rates[type] !== undefined && device.energy?.operation[type] === undefined,
        )
  const wrong = [
    ...(device.reserved.value < device.memory.value
      ? []
      : [{ where: 'reserved.value', wanted: 'must be less than memory.value' }]),
    ...unpriced.map((type) => ({ where: `energy.operation.${type}`, wanted: 'is missing' })),
  ]
  return [...uncited, ...wrong.map((facts) => diagnose('E1002', { path }, facts))]
}

/** All figures of a device with their places in the file, in the order of the file. */
export function figuresOf(device: Device): readonly (readonly [where: string, figure: Figure])[] {
  const { memory, reserved, bandwidth, cache, launch, rates, energy } = device
  const ofRates = Object.entries(rates).flatMap(([type, units]) =>
    Object.entries(units).map(([unit, figure]) => [`rates.${type}.${unit}`, figure] as const),
  )
  const ofEnergy =
    energy === undefined
      ? []
      : [
          ['energy.byte', energy.byte] as const,
          ...Object.entries(energy.operation).map(
            ([type, figure]) => [`energy.operation.${type}`, figure] as const,
          ),
        ]
  return [...Object.entries({ memory, reserved, bandwidth, cache, launch }), ...ofRates, ...ofEnergy]
}
