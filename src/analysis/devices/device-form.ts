import type { ErrorObject, ValidateFunction } from '../../ir/schema-validator.ts'
import { deviceSchema } from './device-schema.ts'
import type { Device } from './device.ts'

/** One thing that a device file must be and is not. */
export interface FormProblem {
  /** `bandwidth.value`; empty for the whole file. */
  readonly where: string
  /** `must be > 0` */
  readonly wanted: string
}

export interface Form {
  /** Absent where there are problems. */
  readonly device?: Device
  readonly problems: readonly FormProblem[]
}

let compiled: Promise<ValidateFunction<Device>> | undefined

/** The document as a device, and everything in which it departs from `specs/schemas/device.schema.json`. */
export async function checkForm(json: unknown): Promise<Form> {
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
