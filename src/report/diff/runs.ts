import type { BlockDifference, FigureName } from '../../analysis/diff/difference.ts'

/** Blocks in a row to which the same happened. */
export interface Run {
  readonly blocks: readonly [BlockDifference, ...BlockDifference[]]
}

/** Networks repeat their blocks, and with them their changes: equal neighbours become one run. */
export function runsOf(blocks: readonly BlockDifference[]): readonly Run[] {
  const runs: { key: string; blocks: [BlockDifference, ...BlockDifference[]] }[] = []
  for (const block of blocks) {
    const key = keyOf(block)
    const last = runs.at(-1)
    if (last?.key === key) last.blocks.push(block)
    else runs.push({ key, blocks: [block] })
  }
  return runs
}

/** The peak of memory depends on the place in the network, not on what was changed. */
function keyOf({ change, figures, layers, path }: BlockDifference): string {
  const own: readonly FigureName[] = ['parameters', 'macs', 'arithmetic', 'bytes', 'kernels']
  const amounts = own.flatMap((name) => {
    const { before, after } = figures[name as Exclude<FigureName, 'seconds'>]
    return [before, after]
  })
  const within = (whole = '', part = ''): string => part.slice(whole.length)
  const shapes = layers.map((layer) =>
    [
      layer.change,
      within(path.before, layer.path.before),
      within(path.after, layer.path.after),
      layer.op.before ?? '',
      layer.op.after ?? '',
      String(layer.output.before),
      String(layer.output.after),
    ].join(' '),
  )
  return [change, ...amounts, ...shapes].join('\n')
}

/** `layer1.1`, or of several the first and the last: `layer1.1 to 3 (3)`. */
export function runName({ blocks }: Run): string {
  const [first] = blocks
  const last = blocks.at(-1) ?? first
  const path = pathOf(first)
  if (last === first) return path
  return `${path} to ${pathOf(last).split('.').at(-1) ?? ''}, each of ${blocks.length}`
}

export const pathOf = ({ path }: Pick<BlockDifference, 'path'>): string => path.after ?? path.before ?? ''
