import { registerBackend } from '@tensorflow/tfjs-core'
import { MathBackendWebGL } from 'backend/backend_webgl.js'
import { GPGPUContext } from 'backend/gpgpu_context.js'
import 'backend/register_all_kernels.js'
import { note, record } from './record.mjs'

/** What webgl finds on a desktop with WebGL 2. It computes small tensors itself until they are on the device. */
const flags = {
  HAS_WEBGL: true,
  WEBGL_VERSION: 2,
  WEBGL_BUFFER_SUPPORTED: true,
  WEBGL_MAX_TEXTURE_SIZE: 16384,
  WEBGL_MAX_TEXTURES_IN_SHADER: 16,
  WEBGL_RENDER_FLOAT32_CAPABLE: true,
  WEBGL_RENDER_FLOAT32_ENABLED: true,
  WEBGL_FENCE_API_ENABLED: true,
  WEBGL_FLUSH_THRESHOLD: -1,
  WEBGL_CPU_FORWARD: false,
  ENGINE_COMPILE_ONLY: true,
}

class Listed extends MathBackendWebGL {
  uploadToGPU(dataId) {
    const data = this.texData.get(dataId)
    if (!data.texture) Object.assign(data, { texture: {}, texShape: [1, 1], values: null })
  }

  releaseGPUData() {}

  getAndSaveBinary() {
    return {}
  }

  runWebGLProgram(program, ...others) {
    const output = super.runWebGLProgram(program, ...others)
    note(program)
    return output
  }
}

registerBackend('webgl', () => {
  const context = Object.create(GPGPUContext.prototype)
  context.gl = { canvas: null }
  return new Listed(context)
})
await record('webgl', flags)
