import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Notes which packages end up in bundles, so that their licences can go with them: minified, a bundle keeps no
 * comment of theirs.
 */
export function licencesOf(root) {
  const folders = new Set()
  const plugin = {
    name: 'licences',
    setup: ({ initialOptions, onEnd }) => {
      initialOptions.metafile = true
      onEnd(({ metafile }) => {
        for (const { inputs } of Object.values(metafile?.outputs ?? {}))
          for (const input of Object.keys(inputs)) addPackage(folders, input)
      })
    },
  }
  /** The licences of all packages so far, one after the other. */
  const text = async () =>
    (await Promise.all([...folders].sort().map((folder) => licenceOf(root, folder)))).join('\n')
  return { plugin, text }
}

/** `node_modules/@scope/name/lib/x.js` is of the package in `node_modules/@scope/name`. */
function addPackage(folders, input) {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []
  if (folder !== undefined) folders.add(folder)
}

async function licenceOf(root, folder) {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
  const file = (await readdir(join(root, folder))).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  if (file === undefined) throw new Error(`${name} is bundled, but has no licence to go with it`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(root, folder, file), 'utf8')).trim()}\n`
}
