import {
  engine,
  getBackend,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  SplitV,
  unregisterKernel,
  type KernelConfig,
} from '@tensorflow/tfjs-core'
import type { KernelLowering, KernelLowerings } from './lowering/lowering.ts'
import type { Recorder } from './recorder.ts'

const NAME = 'archc-trace'

/**
 * Makes `recorder` the active backend of tfjs while `run` lasts, with kernels that launch what `lowerings` says. After
 * that tfjs is as it was: the same backend, active again, and none of ours. A kernel that is not in the table is an
 * error by tfjs, which names it.
 */
export function onRecorder<T>(recorder: Recorder, lowerings: KernelLowerings, run: () => T): T {
  const previous = activeBackend()
  const kernels = kernelsOf(recorder, lowerings)
  registerBackend(NAME, () => recorder, 0)
  kernels.forEach(registerKernel)
  try {
    activate(NAME)
    return run()
  } finally {
    if (previous !== undefined) activate(previous)
    removeBackend(NAME)
    for (const { kernelName } of kernels) unregisterKernel(kernelName, NAME)
  }
}

/** Throws where a backend is still starting: an interruption would break that. */
function activeBackend(): string | undefined {
  const name = getBackend() as string | null | undefined
  if (!name) return undefined
  engine().backend.numDataIds()
  return name
}

/** A backend that is there already, or is made at once, is active when `setBackend` returns its promise. */
function activate(name: string): void {
  void setBackend(name)
  if (engine().backendName !== name) throw new Error(`tfjs does not switch to ${name}`)
}

const kernelsOf = (device: Recorder, lowerings: KernelLowerings): KernelConfig[] =>
  Object.entries(lowerings).map(([kernelName, lowering]) => ({
    kernelName,
    backendName: NAME,
    kernelFunc: ({ inputs, attrs }) => {
      const outputs = device.perform(kernelName, { inputs, attributes: attrs }, () =>
        // tfjs gives each kernel the attributes of its own, which the type of a table cannot say.
        (lowering as KernelLowering)({ inputs, attributes: attrs ?? {}, device }),
      )
      const [first] = outputs
      return kernelName === SplitV || !first ? outputs : first
    },
  }))
