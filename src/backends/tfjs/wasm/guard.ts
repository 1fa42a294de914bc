import { engine, getBackend } from '@tensorflow/tfjs-core'
import { diagnose } from '../../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts'
import type { Graph, Node } from '../../../ir/graph.ts'
import type { StepFunction } from '../step.ts'
import { HEAP_LIMIT } from './heap.ts'

/** `ENOMEM` in the module's libc: its allocator sets it, and nothing takes it back. */
const NO_MEMORY = 48
const ADDRESSES = 2 ** 32

/** What the guard looks at of the module. */
interface Watched {
  readonly readError: () => number
  readonly clearError: () => void
}

/** How a kernel failed. */
interface Failure {
  readonly problem: 'memory' | 'message' | 'trap'
  /** What the module said. */
  readonly text: string
}

/**
 * Watches over one start of the wasm module. tfjs looks neither at what XNNPACK returns nor at what it allocates: a
 * kernel that failed leaves its output as it was, and the run goes on. What such a kernel leaves behind is a printed line,
 * an error number, or a trap; after any of them nothing in the module's memory is to be trusted.
 */
export class Guard {
  broken = false
  /** What models keep in the module's memory, in bytes. */
  readonly kept = new Map<object, number>()
  /** How far the module's memory may grow. */
  ceiling = HEAP_LIMIT
  private readonly printed: string[] = []
  private largest = 0
  private needed = 0

  constructor(private readonly watched: () => Watched | undefined) {}

  /** A line that the module wrote; it writes of failures only. */
  print(line: string): void {
    this.printed.push(line)
  }

  /**
   * Keeps memory so far below the end of addresses that no request of a model passes it: the allocator would not notice.
   * Where a model needs more, it was followed request by request (`needsOf`), and none does.
   */
  expect({ bytes, largest }: { readonly bytes: number; readonly largest: number }): void {
    this.largest = Math.max(this.largest, largest)
    this.needed = Math.max(this.needed, bytes)
    this.ceiling = Math.min(HEAP_LIMIT, Math.max(ADDRESSES - this.largest - 2 ** 16, this.needed))
  }

  failure(): Failure | undefined {
    if (this.watched()?.readError() === NO_MEMORY)
      return { problem: 'memory', text: this.printed.join('; ') || 'an allocation failed' }
    return this.printed.length === 0 ? undefined : { problem: 'message', text: this.printed.join('; ') }
  }

  /**
   * Does a part of a model's work.
   * @throws DiagnosticError E0721 where the module failed in it
   */
  watch<T>(graph: Graph, node: Node | undefined, work: () => T): T {
    if (this.broken) throw this.lost(graph)
    let failure: Failure | undefined
    try {
      const result = work()
      failure = this.failure()
      if (!failure) return result
    } catch (error) {
      failure = this.failure()
      if (!failure && !isTrap(error)) throw error
      if (failure?.problem !== 'memory') failure = { problem: 'trap', text: textOf(error) }
    }
    this.broken = true
    throw brokenBy(graph, node, failure)
  }

  /** Of a model whose weights went with the module. */
  private lost({ name }: Graph): DiagnosticError {
    return new DiagnosticError([diagnose('E0722', { path: name }, { network: name })])
  }
}

const guards = new WeakMap<object, Guard>()

export const guardBackend = (backend: object, guard: Guard): void => void guards.set(backend, guard)

/** Of the backend that is active now; only those that `openTfjs` starts have one. */
export const activeGuard = (): Guard | undefined =>
  // Before any backend was chosen there is no name, and to ask for the backend would choose one.
  !(getBackend() as string | null | undefined) ? undefined : guards.get(engine().backend)

/** The work of every node, watched over. */
export const guarded = (
  graph: Graph,
  runs: ReadonlyMap<Node, StepFunction>,
  guard: Guard,
): ReadonlyMap<Node, StepFunction> =>
  new Map(
    [...runs].map(([node, run]): [Node, StepFunction] => [
      node,
      (inputs) => guard.watch(graph, node, () => run(inputs)),
    ]),
  )

/** A trap of WebAssembly, or what the copying of a tensor throws where there is no room for it. */
const isTrap = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

function brokenBy(graph: Graph, node: Node | undefined, { problem, text }: Failure): DiagnosticError {
  const { file, line, column } = node?.provenance.location ?? { file: graph.name, line: 1, column: 1 }
  const facts = { network: graph.name, at: node?.path ?? 'its weights and input', problem, text }
  const notes = node === undefined ? [] : [`made at ${file}:${line}:${column}`]
  return new DiagnosticError([diagnose('E0721', { path: file }, facts, { notes })])
}
