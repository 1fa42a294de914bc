import { isProblem } from './definition.ts'
import { operator } from './operator.ts'
import { inferPool, isUnitPool, maxPoolCost, poolArguments, poolAttributes, resolvePool } from './pool.ts'
import { spelling } from './spelling.ts'

export const maxPool = operator({
  name: 'max_pool',
  doc: 'The largest value in each window, channel by channel. Padding counts as minus infinity.',
  takes: 'map',
  work: 'pool',
  attributes: poolAttributes,
  spellings: [
    spelling({
      name: 'max_pool',
      doc: 'Takes the largest value in each window.',
      arguments: poolArguments,
      attributes: (given, inputs) => {
        const pool = resolvePool(given, inputs)
        return isProblem(pool) ? pool : { kernel: pool.kernel, stride: pool.stride, padding: pool.padding }
      },
    }),
  ],
  keepsChannelConstants: true,
  infer: inferPool('max_pool'),
  cost: maxPoolCost,
  isIdentity: isUnitPool,
})
