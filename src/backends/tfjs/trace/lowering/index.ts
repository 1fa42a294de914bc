import type { TfjsBackend } from '../engines.ts'
import { cpu } from './cpu.ts'
import type { Lowerings } from './lowering.ts'
import { node } from './node.ts'
import { wasm } from './wasm.ts'
import { webgl } from './webgl.ts'
import { webgpu } from './webgpu.ts'

export const lowerings: Readonly<Record<TfjsBackend, Lowerings>> = { webgl, webgpu, node, wasm, cpu }
