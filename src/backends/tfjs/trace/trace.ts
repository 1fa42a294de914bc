import { fill, tidy } from '@tensorflow/tfjs-core'
import { modelledEngines } from '../../../engines/engines.ts'
import { defaultExecution, type ExecutionOptions, type Kernel } from '../../../engines/kernel.ts'
import type { EngineCall, Schedule, Storage, StorageId } from '../../../engines/schedule.ts'
import { diagnose } from '../../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts'
import type { Graph, Node } from '../../../ir/graph.ts'
import { planOf } from '../../../ir/liveness.ts'
import { GraphView } from '../../../ir/view.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { execute, type Live, runsOf } from '../plan.ts'
import type { Constant, StepFunction } from '../step.ts'
import { engineOf, registeredNames, type TfjsBackend } from './engines.ts'
import { lowerings } from './lowering/index.ts'
import { Recorder, type TfjsCall } from './recorder.ts'
import { onRecorder } from './tracing-backend.ts'
import { Heap } from '../wasm/heap.ts'
import { MemoryRecorder } from '../wasm/memory-recorder.ts'

/** Images of a traced step: webgpu has passes of its own for a single one, which larger batches do not take. */
const BATCH = 2

/**
 * The step of a network on a tfjs backend: the runs of `plan.ts` are carried out, with shapes instead of numbers, and each
 * kernel of tfjs that they call is followed to what the backend makes of it (`lowering/`). It goes from the picture in the
 * device's layout to the result there: the upload and the download of `compile.ts` are not part of it. Memory is that of
 * tensors, from their making to their disposal, and of the constants that are prepared before the first run.
 * What is asked for and cannot be had is not done: `options` of the result say what is. Throws E1101 in training.
 */
export function traceTfjs(
  graph: Graph,
  backend: TfjsBackend,
  asked: ExecutionOptions = defaultExecution,
): Schedule {
  const engine = engineOf(backend)
  if (asked.mode === 'training')
    throw new DiagnosticError([
      diagnose('E1101', { path: graph.name }, { engine, able: Object.keys(modelledEngines) }),
    ])
  const { engineCalls, storages, given, constantBytes, packedBytes } = trace(graph, backend)
  return {
    view: new GraphView(graph),
    engine,
    options: asLowered,
    calls: engineCalls,
    storages,
    given,
    held: [],
    resident: {
      weights: constantBytes,
      'running statistics': 0,
      'weight copies': packedBytes,
      'weight gradients': 0,
    },
    unmeasured: `tensors from their making to their disposal by tfjs; ${beyondTensors[backend]}`,
  }
}

/** What the memory of a backend is besides that of tensors. */
const beyondTensors: Readonly<Record<TfjsBackend, string>> = {
  webgl: 'what textures leave empty and those kept for reuse are not counted',
  webgpu: 'buffers kept for reuse are not counted',
  node: "TensorFlow's workspaces are not counted",
  wasm: 'copies of weights and tables of XNNPACK are counted, gaps in the memory are not',
  cpu: 'what JavaScript has not collected yet is not counted',
}

/** fp32 and NHWC are what tfjs has; the rest is as `operators/` has it. */
const asLowered: ExecutionOptions = {
  precision: 'fp32',
  mode: 'inference',
  layout: 'nhwc',
  partialConv: 'split_cat',
  abn: 'separate',
}

export interface Trace {
  /** What the backend launches. */
  readonly kernels: readonly Kernel[]
  /** The kernels of tfjs that were called, as tfjs's own profile has them. */
  readonly calls: readonly TfjsCall[]
  /** The same calls with their kernels and storages. */
  readonly engineCalls: readonly EngineCall[]
  readonly storages: readonly Storage[]
  /** The storages of the network's inputs. */
  readonly given: readonly StorageId[]
  /** Bytes of constants: parameters as they are prepared, and what the backend packs for good. */
  readonly constantBytes: number
  readonly packedBytes: number
}

/** One step of `BATCH` images. The backend that is active in tfjs stays active, and no tensor is left. */
export function trace(graph: Graph, backend: TfjsBackend, batch = BATCH): Trace {
  const recorder = backend === 'wasm' ? new MemoryRecorder(batch, new Heap()) : new Recorder(batch)
  let packedBytes = 0
  const given: StorageId[] = []
  onRecorder(recorder, lowerings[backend], () => {
    tidy(() => {
      const runs = runsOf(graph, capabilitiesOf(registeredNames[backend]), { constant, parameter: noValues })
      const live = inputsOf(graph, batch)
      for (const input of live.values()) given.push(recorder.varyInput(input))
      execute(planOf(graph, new Set(graph.outputs)), recorded(graph, runs, recorder), live)
      if (recorder instanceof MemoryRecorder) packedBytes = recorder.packedBytes
    })
  })
  const { kernels, calls, engineCalls, storages, constantBytes } = recorder
  return { kernels, calls, engineCalls, storages, given, constantBytes, packedBytes }
}

/** Parameters by their shapes alone. */
export const constant: Constant = (shape) => fill(shape, 0)

export const noValues = ({ path }: Node): never => {
  throw new Error(`${path} asks for values where only shapes are known`)
}

function inputsOf(graph: Graph, batch: number): Live {
  const shapeOf = (shape: readonly number[]): number[] => {
    const [channels = 1, ...size] = shape
    return [batch, ...size, channels]
  }
  return new Map(graph.inputs.map((id) => [id, fill(shapeOf(graph.values[id]?.type.shape ?? []), 0)]))
}

/** The runs, each of which says whose it is. */
export const recorded = (
  graph: Graph,
  runs: ReadonlyMap<Node, StepFunction>,
  recorder: Recorder,
): ReadonlyMap<Node, StepFunction> =>
  new Map(
    graph.nodes.map((node, index) => [
      node,
      (inputs) => {
        const run = runs.get(node)
        if (!run) throw new Error(`${node.path} was not prepared`)
        recorder.node = index
        return run(inputs)
      },
    ]),
  )
