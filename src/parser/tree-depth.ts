import { MAX_TREE_DEPTH } from './limits.ts'
import { childrenOf, type SyntaxNode } from './walk.ts'

/** The first node below `MAX_TREE_DEPTH`, if there is one. Iterative: it runs before recursion is known to be safe. */
export function tooDeepNode(root: object): SyntaxNode | undefined {
  const open: { node: SyntaxNode; depth: number }[] = childrenOf(root).map((node) => ({ node, depth: 0 }))
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (top.depth > MAX_TREE_DEPTH) return top.node
    const depth = top.depth + 1
    for (const node of childrenOf(top.node)) open.push({ node, depth })
  }
  return undefined
}
