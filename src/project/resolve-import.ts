const EXTENSION = '.arch'

/**
 * The path of an imported file, relative to the project root (or below `std/` for the library), or `undefined`
 * where the import would leave the root. Works on names only; a host also checks where links really lead.
 */
export function resolveImport(importer: string, from: string): string | undefined {
  if (/[\0\\:]/.test(from) || from.startsWith('/')) return undefined
  const file = from.endsWith(EXTENSION) ? from : from + EXTENSION
  if (file.startsWith('std/')) return stayingWithin('std', file.slice('std/'.length))
  const root = importer.startsWith('std/') ? 'std' : ''
  const folder = importer.split('/').slice(root === '' ? 0 : 1, -1)
  return stayingWithin(root, [...folder, file].join('/'))
}

/** `root/path` with `.` and `..` resolved; `undefined` if it would step above the root. */
function stayingWithin(root: string, path: string): string | undefined {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return undefined
    if (segment !== '' && segment !== '.' && segment !== '..') segments.push(segment)
  }
  if (root !== '') return [root, ...segments].join('/')
  // A project's own folder `std` must not be taken for the library.
  return (segments[0] === 'std' ? ['.', ...segments] : segments).join('/')
}
