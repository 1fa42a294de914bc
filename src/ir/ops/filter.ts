import type { ParameterDefinition } from './definition.ts'

/**
 * Weight [out, in, ...kernel] and, if wanted, bias [out]. The fans are PyTorch's: inputs and outputs of the
 * weight as it is stored, times the kernel's area; `groups` do not divide `fanOut`.
 */
export function filterParameters(
  of: 'conv' | 'linear',
  shape: readonly [out: number, into: number, ...kernel: number[]],
  bias: boolean,
  groups = 1,
): readonly ParameterDefinition[] {
  const [out, into, ...kernel] = shape
  const area = kernel.reduce((product, size) => product * size, 1)
  const initial = { kind: 'scheme', of, fanIn: into * area, fanOut: out * area, groups } as const
  const weight: ParameterDefinition = { role: 'weight', shape, trainable: true, initial }
  if (!bias) return [weight]
  return [weight, { role: 'bias', shape: [out], trainable: true, initial: { kind: 'constant', value: 0 } }]
}
