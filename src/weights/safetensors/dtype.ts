import { FLOAT_BYTES, type FloatFormat } from '../floats.ts'

/** What a dtype holds: floats that are read, other floats, and what no parameter here is. */
export type DtypeKind = 'float' | 'unread-float' | 'integer' | 'complex'

interface Dtype {
  readonly bits: number
  readonly kind: DtypeKind
}

const rows = (kind: DtypeKind, bits: number, names: readonly string[]) =>
  names.map((name) => [name, { bits, kind }] as const)

/** The dtypes of safetensors 0.7 by its names. */
const DTYPES: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ...Object.entries(FLOAT_BYTES).map(([name, bytes]) => [name, { bits: 8 * bytes, kind: 'float' }] as const),
  ...rows('unread-float', 8, ['F8_E4M3', 'F8_E5M2', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ']),
  ...rows('unread-float', 6, ['F6_E2M3', 'F6_E3M2']),
  ...rows('unread-float', 4, ['F4']),
  ...rows('integer', 8, ['BOOL', 'U8', 'I8']),
  ...rows('integer', 16, ['U16', 'I16']),
  ...rows('integer', 32, ['U32', 'I32']),
  ...rows('integer', 64, ['U64', 'I64']),
  ...rows('complex', 64, ['C64']),
])

export const dtypeNames: readonly string[] = [...DTYPES.keys()]

/** Bits of an element; the values of a tensor fill whole bytes. */
export const elementBits = (dtype: string): number | undefined => DTYPES.get(dtype)?.bits

export const kindOfDtype = (dtype: string): DtypeKind | undefined => DTYPES.get(dtype)?.kind

/** Whether parameters can be read from it; the others are known only so that they can be passed over. */
export const isFloatFormat = (dtype: string): dtype is FloatFormat => Object.hasOwn(FLOAT_BYTES, dtype)
