/**
 * The part of archc that needs Node, loaded when it is first wanted. Bundlers for browsers put an empty module in its
 * place (`tools/build.mjs`), so that programs without files carry none of it.
 */
export async function loadNode(): Promise<typeof import('./node.ts')> {
  const node = await import('./node.ts')
  if (!('readNetwork' in node)) throw new Error('archc opens files and devices under Node only')
  return node
}
