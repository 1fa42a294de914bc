import type { TfjsBackend } from '../engines.ts'
import { cpu } from './cpu.ts'
import type { KernelLowerings } from './lowering.ts'
import { node } from './node.ts'
import { wasm } from './wasm.ts'
import { webgl } from './webgl.ts'
import { webgpu } from './webgpu.ts'

export const lowerings: Readonly<Record<TfjsBackend, KernelLowerings>> = { webgl, webgpu, node, wasm, cpu }
