import { dataTypes } from './device.ts'

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
