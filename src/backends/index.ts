import type { Backend } from './backend.ts'
import { tfjs } from './tfjs/backend.ts'

/**
 * Every backend, the preferred one first. The marks of purity below let bundlers leave all of them out of programs that run
 * no model.
 */
export const backends: readonly Backend[] = [tfjs]

/** The devices that networks run on, the preferred one first. */
export const runnableDevices: readonly string[] = /* @__PURE__ */ backends.flatMap(({ devices }) => devices)

/** The engines that backends model, beside those of `src/engines`. */
export const backendEngines: readonly string[] = /* @__PURE__ */ backends.flatMap(({ engines }) => engines)

/** @throws RangeError where no backend has the device */
export function backendOfDevice(device: string): Backend {
  const found = backends.find(({ devices }) => devices.includes(device))
  if (found === undefined)
    throw new RangeError(`there is no device "${device}"; there are ${runnableDevices.join(', ')}`)
  return found
}

/** The backend that models an engine; none for the engines of `src/engines`. */
export const backendOfEngine = (engine: string): Backend | undefined =>
  backends.find(({ engines }) => engines.includes(engine))
