import { isProblem, problem } from './definition.ts'
import { flag } from './kinds.ts'
import { operator } from './operator.ts'
import {
  avgPoolCost,
  inferPool,
  isUnitPool,
  poolArguments,
  poolAttributes,
  resolvePool,
  type ResolvedPool,
} from './pool.ts'
import { argument, spelling } from './spelling.ts'

export const avgPool = operator({
  name: 'avg_pool',
  doc:
    'The mean of each window, channel by channel. With `count_padding` the divisor is the area of the kernel, ' +
    'otherwise the number of elements that lie in the map.',
  takes: 'map',
  work: 'pool',
  attributes: { ...poolAttributes, count_padding: flag },
  spellings: [
    spelling({
      name: 'avg_pool',
      doc: 'Averages each window.',
      arguments: {
        ...poolArguments,
        count_padding: argument(
          flag,
          'Whether padding counts as zeros in the mean; what `ceil` adds never counts.',
          true,
        ),
      },
      attributes: (given, inputs) => {
        const pool = resolvePool(given, inputs)
        if (isProblem(pool)) return pool
        const { kernel, stride, padding, asked } = pool
        if (!given.count_padding || !isExtended(pool))
          return { kernel, stride, padding, count_padding: given.count_padding }
        // Without padding of its own, "count padding but not what ceil adds" is "count none".
        if (asked.every((side) => side === 0)) return { kernel, stride, padding, count_padding: false }
        return problem('E0311', { padding: asked }, { argument: 'count_padding' })
      },
    }),
  ],
  infer: inferPool('avg_pool'),
  cost: avgPoolCost,
  isIdentity: isUnitPool,
})

const isExtended = ({ asked, padding }: ResolvedPool): boolean =>
  padding.some((side, index) => side !== asked[index])
