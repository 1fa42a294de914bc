import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

const program = `
  import { analyze, elaborate, loadProgram, openNetwork, parse } from 'archc'
  const text = 'network a() { input 3 x 8 x 8  head = global_avg_pool -> linear(10) }'
  const host = { read: (path) => (path === 'a.arch' ? text : undefined), library: () => [] }
  const { graph } = elaborate(loadProgram('a.arch', host))
  export const parameters = analyze(graph).parameters
  export const message = openNetwork('resnet18').then(() => 'opened', (error) => error.message)
`

/** What runs in a browser: no built-ins of Node, and no engine unless the program compiles a model. */
it('bundles for a browser, without Node and without an engine', async () => {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'js' },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  expect(imports).toEqual([])
  const parts = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const used = parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path)
  expect(
    used.filter((path) => /tfjs|sharp|lib\/node\.js/.test(path) && !path.startsWith('(disabled)')),
  ).toEqual([])

  const code = outputFiles[0]?.text ?? ''
  const bundle = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<string, unknown>
  expect(bundle['parameters']).toBe(40)
  expect(await bundle['message']).toBe('archc opens files and devices under Node only')
})
