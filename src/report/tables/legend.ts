import type { Analysis } from '../../analysis/analysis.ts'
import { exact } from '../units.ts'

/** What the columns of the tables of parts and, where they are shown, of layers are. */
export function legendOf({ run, time, layers }: Analysis, withLayers = false): string {
  const subject =
    run.mode === 'training'
      ? 'MACs: of one image, forward. bytes: of one image, forward, backward and update,'
      : 'MACs and bytes: of one image,'
  const texts = [
    `${subject} those of weights shared by the batch.`,
    'FLOP/B: intensity, at two FLOPs a MAC.',
    ...(time === undefined
      ? []
      : [
          `time: of a step of ${exact(run.batch)} image${run.batch === 1 ? '' : 's'}.`,
          'bound: what most of the time waits for.',
        ]),
    ...(withLayers && layers.some(({ fused_into: host }) => host !== null)
      ? ['in x: done in the kernel of x.']
      : []),
  ]
  return texts.join(' ')
}
