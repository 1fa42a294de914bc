import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { dataTypes, type DataType, type Device, type Figure, type Unit } from './device.ts'

/** The most that a device does in one data type. */
export interface Peak {
  readonly unit: Unit
  /** Operations a second. */
  readonly figure: Figure
  /** FLOP a byte from which on arithmetic and not memory is the limit (Williams et al., doi:10.1145/1498765.1498785). */
  readonly ridge: number
}

/** `undefined` where the device does not compute in the type. */
export function peakOf({ rates, bandwidth }: Device, type: DataType): Peak | undefined {
  const { matrix, vector } = rates[type] ?? {}
  const useMatrix = (matrix?.value ?? 0) >= (vector?.value ?? 0)
  const figure = useMatrix ? matrix : vector
  if (figure === undefined) return undefined
  return { unit: useMatrix ? 'matrix' : 'vector', figure, ridge: figure.value / bandwidth.value }
}

/** The types that a device computes in. */
export const dataTypesOf = (device: Device): readonly DataType[] =>
  dataTypes.filter((type) => peakOf(device, type) !== undefined)

/**
 * What the user means by a data type.
 * @throws DiagnosticError E1005 where there is none of that name, or the device does not compute in it
 */
export function dataTypeOf(device: Device, name: string): DataType {
  const known = dataTypesOf(device)
  const type = known.find((each) => each === name)
  if (type !== undefined) return type
  const isType = dataTypes.some((each) => each === name)
  const facts = { device: device.name, type: name, isType, known }
  throw new DiagnosticError([diagnose('E1005', { path: device.name }, facts)])
}
