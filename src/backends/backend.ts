import type { Device } from '../analysis/devices/device.ts'
import type { ExecutionOptions } from '../engines/kernel.ts'
import type { Schedule } from '../engines/schedule.ts'
import type { Graph } from '../ir/graph.ts'
import type { Weights } from '../weights/weights.ts'
import type { Model } from './model.ts'

/**
 * What carries graphs out. `index.ts` lists every backend; commands, completion and the library know them from there alone.
 * A record names what there is without loading it: each function loads what it needs when it is called.
 */
export interface Backend {
  readonly name: string
  /** What it runs on under Node, the preferred one first. No two backends have one of the same name. */
  readonly devices: readonly string[]
  /** The engines whose schedules it yields, as `--engine` takes them. */
  readonly engines: readonly string[]
  /** Makes a device the active one, and gives the name of the one that started, which may be another. */
  readonly open: (device: string) => Promise<string>
  /**
   * Puts a network on the active device.
   * @throws DiagnosticError E0720, E0721 where memory does not suffice
   */
  readonly compile: (graph: Graph, weights: Weights) => Promise<Model>
  /**
   * The kernels that an engine of this backend launches for a graph.
   * @throws DiagnosticError E1101 for what the engine cannot do
   */
  readonly schedule: (graph: Graph, engine: string, options: ExecutionOptions) => Promise<Schedule>
  /**
   * What the machine reaches there, as a device file says it; `undefined` where the device does not start.
   * @param onStep is told what is measured next
   */
  readonly measure: (device: string, onStep: (what: string) => void) => Promise<Device | undefined>
}
