import { format } from 'prettier'
import { expect, it } from 'vitest'
import { operatorsReference } from '../../tools/operators-reference.ts'

it('docs/operators.md is what the records of the operators say (vitest -u writes it anew)', async () => {
  const text = await format(operatorsReference(), { parser: 'markdown', printWidth: 110 })
  await expect(text).toMatchFileSnapshot('../../docs/operators.md')
})
