import { dtypes } from './tensor-type.ts'
import { MAX_NAME } from '../parser/limits.ts'
import { MAX_BLOCK_DEPTH, MAX_OPERATORS, MAX_PATH, MAX_VALUES } from './limits.ts'
import { derivationNames, derivations } from './derivations.ts'
import { opNames, operatorOf, type OpName } from './ops/index.ts'

type Schema = Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, Schema>>

/** Version of the format; it grows when a graph written before could be read wrongly. */
export const IR_VERSION = 2

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` })

const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more })

/** An object with these keys and no others; a key that ends in `?` may be left out. */
function record(properties: Readonly<Record<string, Schema>>, description?: string): Schema {
  const entries = Object.entries(properties)
  const required = entries.map(([key]) => key).filter((key) => !key.endsWith('?'))
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace('?', ''), schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

/** A record whose `kind` decides its other keys. */
function byKind(kinds: Readonly<Record<string, Readonly<Record<string, Schema>>>>): Schema {
  return {
    type: 'object',
    properties: { kind: { enum: Object.keys(kinds) } },
    required: ['kind'],
    allOf: Object.entries(kinds).map(([kind, properties]) => ({
      if: { properties: { kind: { const: kind } } },
      then: record({ kind: { const: kind }, ...properties }),
    })),
  }
}

const text: Schema = { type: 'string' }
const positive: Schema = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
/** The length is tried before the pattern: on megabytes an engine of regular expressions can run out of stack. */
const identifier: Schema = { type: 'string', maxLength: MAX_NAME, pattern: /^[A-Za-z0-9_]+$/.source }
const dottedPath: Schema = {
  type: 'string',
  maxLength: MAX_PATH,
  pattern: /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/.source,
}
/** A side of a picture, in pixels. */
const side: Schema = { type: 'integer', minimum: 1, maximum: 65_536 }
const positiveNumber: Schema = { type: 'number', exclusiveMinimum: 0 }

const definitions = {
  id: { type: 'integer', minimum: 0, maximum: MAX_VALUES - 1, description: 'Index into `values`.' },
  shape: list(
    { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
    {
      minItems: 1,
      maxItems: 8,
      description: 'Without the batch: [C, H, W], [F], or a parameter in its logical layout.',
    },
  ),
  location: record({ file: text, line: positive, column: positive }),
  value: record({ id: ref('id'), type: record({ dtype: { enum: dtypes }, shape: ref('shape') }) }),
  role: { enum: ['weight', 'bias', 'running_mean', 'running_var'] },
  initial: byKind({
    constant: { value: { type: 'number' } },
    scheme: { of: { enum: ['conv', 'linear'] }, fanIn: positive, fanOut: positive, groups: positive },
  }),
  parameter: record({
    value: ref('id'),
    name: dottedPath,
    role: ref('role'),
    trainable: { type: 'boolean' },
    initial: ref('initial'),
  }),
  provenance: record({
    location: ref('location'),
    'part?': identifier,
    'repetition?': { type: 'integer', minimum: 0, maximum: MAX_OPERATORS },
    blocks: list(record({ name: identifier, location: ref('location') }), { maxItems: MAX_BLOCK_DEPTH }),
  }),
  part: record({
    kind: { enum: ['stem', 'stage', 'head'] },
    name: identifier,
    output: ref('id'),
    'others?': list(ref('id'), { minItems: 1 }),
    location: ref('location'),
  }),
  initScheme: byKind({
    kaiming_normal: {},
    normal: { std: positiveNumber },
    truncated_normal: { std: positiveNumber },
    kaiming_normal_grouped: {},
    uniform: {},
  }),
  metadata: record({
    mean: list({ type: 'number' }),
    std: list(positiveNumber),
    resize: { oneOf: [side, list(side, { minItems: 2, maxItems: 2 })] },
    interpolation: { enum: ['bilinear', 'bicubic'] },
    'labels?': text,
    'names?': text,
    convInit: ref('initScheme'),
    linearInit: ref('initScheme'),
    'paper?': text,
  }),
}

const attributesName = (op: OpName): string => `attributes_${op}`

/** One application of an operator; which attributes it has depends on `op`. */
const nodeSchema = (): Schema => ({
  ...record({
    op: { enum: opNames },
    path: dottedPath,
    attributes: { type: 'object' },
    inputs: list(ref('id'), { minItems: 1 }),
    parameters: record({
      'weight?': ref('id'),
      'bias?': ref('id'),
      'running_mean?': ref('id'),
      'running_var?': ref('id'),
    }),
    outputs: list(ref('id'), { minItems: 1 }),
    provenance: ref('provenance'),
  }),
  allOf: opNames.map((op) => ({
    if: { properties: { op: { const: op } } },
    then: { properties: { attributes: ref(attributesName(op)) } },
  })),
})

/** One derived parameter; which attributes it has depends on its operation. */
const derivedSchema = (): Schema => ({
  ...record({
    value: ref('id'),
    operation: { enum: derivationNames },
    inputs: list(ref('id'), { minItems: 1, maxItems: 2 }),
    attributes: { type: 'object' },
  }),
  allOf: derivationNames.map((operation) => ({
    if: { properties: { operation: { const: operation } } },
    then: { properties: { attributes: record(derivations[operation].attributes as Fields) } },
  })),
})

/** The JSON Schema of a graph (`specs/schemas/ir.schema.json`), put together from the operators' own schemas. */
export function irSchema(): Schema {
  const attributes = opNames.map((op) => {
    const { schema, doc } = operatorOf(op)
    return [attributesName(op), { description: doc, ...schema }] as const
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:archc:ir:${IR_VERSION}`,
    title: 'A network as archc compiles it',
    ...record({
      archc_ir: { const: IR_VERSION },
      name: identifier,
      'doc?': text,
      metadata: ref('metadata'),
      values: list(ref('value'), { maxItems: MAX_VALUES }),
      inputs: list(ref('id'), { minItems: 1 }),
      outputs: list(ref('id'), { minItems: 1 }),
      parameters: list(ref('parameter'), { maxItems: MAX_VALUES }),
      derived: list(ref('derived'), { maxItems: MAX_VALUES }),
      nodes: list(ref('node'), { maxItems: MAX_OPERATORS }),
      parts: list(ref('part'), { maxItems: MAX_OPERATORS }),
      'leftOut?': list(dottedPath, { maxItems: MAX_OPERATORS }),
    }),
    $defs: {
      ...definitions,
      derived: derivedSchema(),
      node: nodeSchema(),
      ...Object.fromEntries(attributes),
    },
  }
}
