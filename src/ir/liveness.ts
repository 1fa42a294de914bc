import type { Node, ValueId } from './graph.ts'

/** What takes some values and makes others: a node, or what an analysis makes of one. */
export interface Use {
  readonly inputs: readonly ValueId[]
  readonly outputs: readonly ValueId[]
}

/** One node, and what is dead once it has run. */
export interface Step<N extends Use = Node> {
  readonly node: N
  readonly release: readonly ValueId[]
}

/**
 * The nodes in their order, each with the values that nothing later needs: neither a node nor the caller, who keeps
 * `wanted`. A value that nobody uses dies where it is made. Parameters are not in it: they live with the model.
 */
export function planOf<N extends Use>(
  { nodes }: { readonly nodes: readonly N[] },
  wanted: ReadonlySet<ValueId>,
): readonly Step<N>[] {
  const released = new Set(wanted)
  const steps = [...nodes].reverse().map((node): Step<N> => {
    const release: ValueId[] = []
    const releaseNow = (value: ValueId): void => {
      if (released.has(value)) return
      released.add(value)
      release.push(value)
    }
    node.inputs.forEach(releaseNow)
    node.outputs.forEach(releaseNow)
    return { node, release }
  })
  return steps.reverse()
}
