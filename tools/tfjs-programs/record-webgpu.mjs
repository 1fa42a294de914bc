import { registerBackend } from '@tensorflow/tfjs-core'
import { WebGPUBackend } from 'backend/backend_webgpu.js'
import 'backend/register_all_kernels.js'
import { note, record } from './record.mjs'

/** The least that WebGPU guarantees. */
const limits = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxComputeInvocationsPerWorkgroup: 256,
}

class Listed extends WebGPUBackend {
  uploadToGPU(dataId) {
    this.tensorMap.get(dataId).resource ??= {}
  }

  disposeData(dataId) {
    const data = this.tensorMap.get(dataId)
    if (data === undefined) return true
    data.refCount--
    if (data.refCount > 0) return false
    this.tensorMap.delete(dataId)
    return true
  }

  runWebGPUProgram(program, inputs, type, _, given) {
    const output = given ?? this.makeTensorInfo(program.outputShape, type)
    for (const { dataId } of [output, ...inputs]) this.uploadToGPU(dataId)
    note(program)
    return output
  }
}

Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true })
registerBackend(
  'webgpu',
  () => new Listed({ features: new Set(), queue: {}, limits }, { vendor: '', architecture: '' }),
)
await record('webgpu', { WEBGPU_CPU_FORWARD: false })
