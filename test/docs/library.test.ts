import { format } from 'prettier'
import { expect, it } from 'vitest'
import { libraryReference } from '../../tools/library-reference.ts'
import { hostOver } from '../support/host.ts'

it('docs/library.md is what specs/std says (vitest -u writes it anew)', async () => {
  const text = await format(libraryReference(hostOver('/nonexistent')), {
    parser: 'markdown',
    printWidth: 110,
  })
  await expect(text).toMatchFileSnapshot('../../docs/library.md')
})
