import type { ComponentName } from '../analysis/reconcile/components.ts'

const names: Readonly<Record<ComponentName, string>> = {
  head: 'the head',
  stem: 'the stem',
  gates: 'gates of channel attention',
  shortcuts: 'convolutions on shortcuts',
  early_strides: 'strides in the 1x1 convolution before the 3x3, as the ResNet paper has them',
  fixed_filters: 'fixed filters',
  bias: 'additions of a bias',
  norms: 'norms',
  activations: 'activations',
  sums: 'sums and products of tensors',
  pools: 'windows of pools',
}

/** What a component is; `each`: what one of its elements counts. */
export const componentText = (name: ComponentName, each: number): string =>
  each === 1 ? names[name] : `${names[name]}, ${each} each`
