import type { TfjsDevice } from '../../runtime/tfjs-device.ts'
import type { ModelOptions } from './open-model.ts'
import type { PreprocessingOptions } from './preprocessing.ts'

/** What `archc run` takes. */
export type RunOptions = ModelOptions &
  PreprocessingOptions & {
    readonly input: readonly string[]
    readonly output?: string
    readonly tap?: readonly string[]
    readonly tapDir?: string
    readonly backend: TfjsDevice
    readonly top: number
    readonly json?: boolean
  }
