import { measures, measuresWith, type Measure } from '../src/analysis/measures.ts'

/** A JSON Schema, as far as measures stand in it. */
interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
  readonly $defs?: Readonly<Record<string, unknown>>
  readonly items?: Schema
}

const ofParts = measures.filter(({ ofPart }) => ofPart !== undefined)

/** `specs/schemas/analysis.schema.json` with a definition of every measure, and it in the network, its parts and layers. */
export function analysisSchema(schema: Schema): Schema {
  const { stages, layers } = schema.properties as Readonly<Record<'stages' | 'layers', Schema>>
  const { properties, ...whole } = withMeasures(schema, references)
  const definitions = Object.fromEntries(
    ofParts.filter(({ field }) => field === undefined).map((measure) => [measure.key, definition(measure)]),
  )
  const itemsOf = (array: Schema): Schema =>
    inOrderOf(array, { ...array, items: withMeasures(array.items ?? {}, references) })
  return inOrderOf(schema, {
    ...whole,
    properties: { ...properties, stages: itemsOf(stages), layers: itemsOf(layers) },
    $defs: replaced(schema.$defs ?? {}, definitions),
  })
}

/** `specs/schemas/diff.schema.json` with a change of every measure that is compared. */
export function diffSchema(schema: Schema): Schema {
  const compared = measuresWith('diff')
  const ofPartsToo = compared.filter(({ ofPart, diff }) => ofPart !== undefined || diff.columns !== undefined)
  const definitions = schema.$defs as Readonly<Record<'figures', Schema>>
  const figures = withMeasures(
    definitions.figures,
    ofPartsToo.map(({ key, needs }) => ({
      name: key,
      isOptional: needs !== undefined,
      $ref: '#/$defs/change',
    })),
  )
  return { ...schema, $defs: { ...definitions, figures } }
}

const definition = ({ description, whole }: Measure): unknown => ({
  type: whole === true ? 'integer' : 'number',
  minimum: 0,
  ...(whole === true ? { maximum: Number.MAX_SAFE_INTEGER } : {}),
  description,
})

/** A property that refers to a definition. */
interface Reference {
  readonly name: string
  readonly isOptional: boolean
  readonly $ref: string
}

/** The properties of a network, a part or a layer; the time is one of several numbers in a property of its own. */
const references = ofParts.map(({ key, field = key, needs }): Reference => {
  const [name = key] = field.split('.')
  return { name, isOptional: needs !== undefined, $ref: `#/$defs/${name}` }
})

/** A schema of an object with such properties. */
function withMeasures(schema: Schema, some: readonly Reference[]): Schema {
  const always = some.filter(({ isOptional }) => !isOptional).map(({ name }) => name)
  const refs = Object.fromEntries(some.map(({ name, $ref }) => [name, { $ref }]))
  return inOrderOf(schema, {
    ...schema,
    required: Object.keys(replaced(keyed(schema.required ?? []), keyed(always))),
    properties: replaced(schema.properties ?? {}, refs),
  })
}

const keyed = (names: readonly string[]): Record<string, true> =>
  Object.fromEntries(names.map((name) => [name, true]))

/** New entries where the first of them stood. */
function replaced<T>(
  old: Readonly<Record<string, T>>,
  fresh: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const before = Object.entries(old)
  const at = before.findIndex(([key]) => key in fresh)
  const kept = (entries: typeof before): typeof before => entries.filter(([key]) => !(key in fresh))
  return Object.fromEntries([
    ...kept(before.slice(0, at)),
    ...Object.entries(fresh),
    ...kept(before.slice(at)),
  ])
}

/** Keys stand as they stood, so that the file changes where it has to. */
const inOrderOf = (old: Schema, fresh: Schema): Schema =>
  Object.fromEntries(Object.keys(old).map((key) => [key, fresh[key as keyof Schema]]))
