import { fill, tidy } from '@tensorflow/tfjs-core'
import { modelledEngines } from '../../../engines/engines.ts'
import {
  defaultExecution,
  type Execution,
  type ExecutionOptions,
  type Kernel,
} from '../../../engines/kernel.ts'
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

/** Images of a traced step: webgpu has passes of its own for a single one, which larger batches do not take. */
const BATCH = 2

/**
 * The kernels that a network launches on a tfjs backend: the runs of `prepare.ts` are carried out, with shapes instead
 * of numbers, and each kernel of tfjs that they call is followed to what the backend makes of it (`lowering/`). From
 * picture in the device's layout to result there: the upload and the download of `compile.ts` are not part of it.
 * What is asked for and cannot be had is not done: `options` of the result say what is. Throws E1101 in training.
 */
export function traceTfjs(
  graph: Graph,
  backend: TfjsBackend,
  asked: ExecutionOptions = defaultExecution,
): Execution {
  const engine = engineOf(backend)
  if (asked.mode === 'training')
    throw new DiagnosticError([
      diagnose('E1101', { path: graph.name }, { engine, able: Object.keys(modelledEngines) }),
    ])
  return { view: new GraphView(graph), engine, options: asLowered, kernels: trace(graph, backend).kernels }
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
}

/** One step of `BATCH` images. The backend that is active in tfjs stays active, and no tensor is left. */
export function trace(graph: Graph, backend: TfjsBackend, batch = BATCH): Trace {
  const recorder = new Recorder(batch)
  onRecorder(recorder, lowerings[backend], () => {
    tidy(() => {
      const runs = runsOf(graph, capabilitiesOf(registeredNames[backend]), { constant, parameter: noValues })
      const live = inputsOf(graph, batch, recorder)
      execute(planOf(graph, new Set(graph.outputs)), recorded(graph, runs, recorder), live)
    })
  })
  return recorder
}

/** Parameters by their shapes alone. */
export const constant: Constant = (shape) => fill(shape, 0)

export const noValues = ({ path }: Node): never => {
  throw new Error(`${path} asks for values where only shapes are known`)
}

function inputsOf(graph: Graph, batch: number, recorder: Recorder): Live {
  const shapeOf = (shape: readonly number[]): number[] => {
    const [channels = 1, ...size] = shape
    return [batch, ...size, channels]
  }
  return new Map(
    graph.inputs.map((id) => {
      const input = fill(shapeOf(graph.values[id]?.type.shape ?? []), 0)
      recorder.vary(input)
      return [id, input]
    }),
  )
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
