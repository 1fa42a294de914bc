import { peakMemory } from '../analysis/memory/tensor-peak.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { refuseOtherDtypes, type Graph, type ValueId } from '../ir/graph.ts'

/** Of the tensors that one image makes. Real networks at 1000 x 1000 pixels stay below; WebAssembly has 4 GiB in all. */
const LIMIT = 2 ** 30

/**
 * Refuses a network whose tensors no machine of today holds, before anything is allocated for it.
 * @throws DiagnosticError E0716; E0816 where it holds other than float32
 */
export function refuseVastTensors(graph: Graph): void {
  refuseOtherDtypes(graph)
  const { bytes, node } = peakMemory(graph)
  if (bytes <= LIMIT) return
  const { file, line, column } = node?.provenance.location ?? { file: graph.name, line: 1, column: 1 }
  const facts = { network: graph.name, bytes, limit: LIMIT, at: node?.path ?? 'input' }
  const notes = node === undefined ? [] : [`made at ${file}:${line}:${column}`]
  throw new DiagnosticError([diagnose('E0716', { path: file }, facts, { notes })])
}

/**
 * The value that a tap's name stands for: what a part hands on (`stem`, `layer1`), or what the last node at or
 * under a path gives (`stem.conv1`, `layer1.0`). Nothing where no part and no path is called so.
 */
export function tapValue(graph: Graph, name: string): ValueId | undefined {
  const part = graph.parts.find((part) => part.name === name)
  if (part) return part.output
  const under = `${name}.`
  const at = graph.nodes.filter(({ path }) => path === name || path.startsWith(under)).at(-1)
  return at?.outputs[0]
}

/** Every name that can be tapped, parts first. */
export function tapNames(graph: Graph): readonly string[] {
  const paths = graph.nodes.flatMap(({ path }) => {
    const segments = path.split('.')
    return segments.map((_, length) => segments.slice(0, length + 1).join('.'))
  })
  return [...new Set([...graph.parts.map((part) => part.name), ...paths])]
}

/** A tensor on the host, in logical order (NCHW), batch first. */
export interface HostTensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

export interface Prediction {
  /** The first of the network's results; of most networks the only one. */
  readonly logits: HostTensor
  /** All of the network's results, in the order in which it returns them. */
  readonly outputs: readonly HostTensor[]
  /** By the names that were asked for. */
  readonly taps: ReadonlyMap<string, HostTensor>
}

/** A network with its weights on a device, whatever backend runs it. */
export interface Model {
  /** What carries it out, as the device calls itself. */
  readonly backend: string
  /**
   * Runs the network on `batch` inputs, one after another in `input` ([batch, C, H, W]). `taps` names parts or
   * paths whose values are wanted too. RangeError where the size does not match or a tap is unknown.
   */
  readonly predict: (input: Float32Array, batch: number, taps?: readonly string[]) => Promise<Prediction>
  /** Frees the weights. A second call does nothing; `predict` fails from then on. */
  readonly dispose: () => void
}
