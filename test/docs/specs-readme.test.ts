import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it, test } from 'vitest'
import { published } from '../../src/host/built-ins.ts'
import { openProject } from '../../src/host/file-host.ts'
import { packageRoot } from '../../src/host/package.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { ownLines, specsReadme, type Listed } from '../../tools/specs-readme.ts'

const networks = published().map(({ name, file }): Listed => {
  const { host, entry } = openProject(join(packageRoot(), file))
  const program = loadProgram(entry, host)
  const { graph } = elaborate(program, { network: name })
  if (graph === undefined) throw new Error(`${name} does not compile`)
  return { name, file: file.replace(/^specs\//, ''), module: program.entry, graph }
})

it('specs/README.md is what the specs say (vitest -u writes it anew)', async () => {
  const text = await format(specsReadme(networks), { parser: 'markdown', printWidth: 110 })
  await expect(text).toMatchFileSnapshot('../../specs/README.md')
})

describe.each(networks)('$name', (network) => {
  test('takes at most 60 lines of its own', () => expect(ownLines(network)).toBeLessThanOrEqual(60))
})
