import { defaultExecution, type ExecutionOptions, type Precision } from '../execution/kernel.ts'
import type { Measured } from './measured.ts'

/**
 * How the network of a measurement ran: inference, and activated batch norm in one kernel where PyTorch was of release 1.
 * In those days timm, whose tables are what is measured, took it from the inplace_abn package; since then it is batch
 * norm and an activation.
 */
export const measuredExecution = (
  { layout, pytorch }: Pick<Measured, 'layout' | 'pytorch'>,
  precision: Precision,
): ExecutionOptions => ({
  ...defaultExecution,
  layout,
  precision,
  abn: /^1(\.|$)/.test(pytorch) ? 'inplace' : 'separate',
})
