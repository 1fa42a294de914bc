import type { Difference } from '../../analysis/diff/difference.ts'
import { escaped, tableMarkdown } from '../markdown.ts'
import { partTable, totalTable } from './tables.ts'
import { conditionsOf, LEGEND, titleOf } from './text.ts'

/** The report for a pull request: the parts, and folded away what is in them. */
export function diffMarkdown(difference: Difference, options: { readonly layers?: boolean } = {}): string {
  const layers = options.layers ?? false
  const hasBlocks = difference.parts.some(({ blocks }) => blocks.length > 0)
  const blocks = [
    `### ${escaped(titleOf(difference))}`,
    escaped(conditionsOf(difference)),
    tableMarkdown(totalTable(difference)),
    tableMarkdown(partTable(difference, { blocks: false, layers: false })),
    ...(hasBlocks
      ? [
          `<details><summary>Changed blocks</summary>`,
          tableMarkdown(partTable(difference, { blocks: true, layers })),
          '</details>',
        ]
      : []),
    escaped(LEGEND),
  ]
  return `${blocks.join('\n\n')}\n`
}
