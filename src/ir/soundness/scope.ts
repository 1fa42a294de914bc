import type { Graph, ValueId } from '../graph.ts'
import { fault, type Faults } from './fault.ts'

type Definition = 'tensor' | 'parameter'

/** Which values are defined so far, while a graph is walked in its order. */
export class Scope {
  readonly #definitions = new Map<ValueId, Definition>()
  readonly #graph: Graph

  constructor(graph: Graph) {
    this.#graph = graph
  }

  *define(value: ValueId, as: Definition, pointer: string): Faults {
    if (!(value in this.#graph.values)) yield fault('E0805', { pointer, value, use: 'unknown' })
    else if (this.#definitions.has(value)) yield fault('E0806', { pointer, value, times: 'twice' })
    else this.#definitions.set(value, as)
  }

  *use(value: ValueId, as: Definition, pointer: string): Faults {
    const definition = this.#definitions.get(value)
    if (definition === as) return
    const use = !(value in this.#graph.values)
      ? 'unknown'
      : definition === undefined
        ? 'early'
        : definition === 'parameter'
          ? 'parameter'
          : 'tensor'
    yield fault('E0805', { pointer, value, use })
  }

  *neverDefined(): Faults {
    for (const value of this.#graph.values.keys())
      if (!this.#definitions.has(value)) {
        yield fault('E0806', { pointer: `/values/${value}`, value, times: 'never' })
      }
  }
}
