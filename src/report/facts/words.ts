import type { Bound } from '../../analysis/time/time-model.ts'
import { NOTHING } from '../units.ts'

/** `64x56x56`, as `--input-size` takes it. */
export const shapeText = (sizes: readonly number[]): string =>
  sizes.length === 0 ? NOTHING : sizes.join('x')

/** What the time of kernels goes to, by what they wait for. */
export const limits: Readonly<Record<Bound, string>> = {
  memory: 'bytes',
  compute: 'arithmetic',
  launch: 'launches',
}
