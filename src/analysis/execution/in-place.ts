import type { ExecutionOptions } from './kernel.ts'
import type { TypedNode } from './types.ts'

/**
 * Whether an activated batch norm runs in place, as the inplace_abn package has it: where that is asked for, and its
 * activation can be inverted, so that its output is all that it keeps. Others are batch norm, then the activation.
 */
export const isInPlace = ({ cost }: TypedNode, { abn }: ExecutionOptions): boolean =>
  abn === 'inplace' && cost.saves.outputs.length > 0
