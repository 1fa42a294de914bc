import { FLOAT_BYTES, type FloatFormat } from '../floats.ts'

/** Bytes of an element by safetensors' name of the dtype. Formats below a byte are not read. */
const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(FLOAT_BYTES),
  ...(['BOOL', 'U8', 'I8', 'F8_E4M3', 'F8_E5M2', 'F8_E8M0'] as const).map((name) => [name, 1] as const),
  ...(['U16', 'I16'] as const).map((name) => [name, 2] as const),
  ...(['U32', 'I32'] as const).map((name) => [name, 4] as const),
  ...(['U64', 'I64', 'C64'] as const).map((name) => [name, 8] as const),
])

export const dtypeNames: readonly string[] = [...ELEMENT_BYTES.keys()]

export const elementBytes = (dtype: string): number | undefined => ELEMENT_BYTES.get(dtype)

/** Whether parameters can be read from it; the others are known only so that they can be passed over. */
export const isFloatFormat = (dtype: string): dtype is FloatFormat => Object.hasOwn(FLOAT_BYTES, dtype)
