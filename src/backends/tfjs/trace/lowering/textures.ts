import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder, Work } from '../recorder.ts'
import type { Texture } from '../shape-backend.ts'
import { sizeOf } from './geometry.ts'
import { alias } from './lowering.ts'
import { copyWork } from './work.ts'

/**
 * How webgl keeps tensors, and the passes that it needs to change that (tfjs-backend-webgl 4.22: `runWebGLProgram` in
 * backend_webgl.js, Reshape.js, kernel_utils/reshape.js). A texel of a packed texture holds 2 x 2 elements of the last
 * two axes; some programs read and write packed textures, the others plain ones.
 */

/** Tensors of so few elements reach unpacked programs as uniforms (`WEBGL_SIZE_UPLOAD_UNIFORM`). */
const UNIFORM_SIZE = 4

/** A program, after what brings its inputs into the form that it reads. */
export function program(
  device: Recorder,
  work: Work,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
  packed: boolean,
): TensorInfo {
  const ready = inputs.map((input) => inForm(device, input, packed))
  return withTexture(device, device.launch(work, ready, shape), packed, shape)
}

function inForm(device: Recorder, x: TensorInfo, packed: boolean): TensorInfo {
  const texture = textureOf(device, x)
  if (texture === undefined) {
    if (packed || sizeOf(x.shape) > UNIFORM_SIZE) withTexture(device, x, packed, x.shape)
    return x
  }
  if (texture.packed !== packed) {
    const changed = device.launch(copyWork(packed ? 'pack' : 'unpack'), [x], x.shape)
    return withTexture(device, changed, packed, x.shape)
  }
  return packed && !isReshapeFree(texture.shape, x.shape) ? repacked(device, x, x.shape) : x
}

/** The same elements under another shape: a view, unless they lie otherwise in packed texels. */
export function reshape(device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const texture = textureOf(device, x)
  const isView = !texture?.packed || isReshapeFree(x.shape, shape) || isReshapeFree(texture.shape, shape)
  return isView ? alias(x, shape) : repacked(device, x, shape)
}

/** What a tensor lies in; nothing where it has not reached the device. Pictures arrive packed, by a transposition. */
export function textureOf(device: Recorder, x: TensorInfo): Texture | undefined {
  const known = device.textureOf(x)
  if (known !== undefined || device.isConstant(x) || x.shape.length !== 4) return known
  withTexture(device, x, true, x.shape)
  return device.textureOf(x)
}

export function withTexture(
  device: Recorder,
  x: TensorInfo,
  packed: boolean,
  shape: readonly number[],
): TensorInfo {
  device.setTexture(x, { packed, shape })
  return x
}

/** The new texture is laid out for three axes: all others are one. */
function repacked(device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const [rows = 1, columns = 1] = lastTwo(shape)
  const flat = [sizeOf(shape.slice(0, -2)), rows, columns]
  return withTexture(device, device.launch(copyWork('reshape'), [x], shape), true, flat)
}

const isEven = (size: number): boolean => size % 2 === 0

/** `isReshapeFree` of webgl_util.js: whether both shapes have the same elements in each texel. */
function isReshapeFree(a: readonly number[], b: readonly number[]): boolean {
  const [rowsA, columnsA] = lastTwo(a)
  const [rowsB, columnsB] = lastTwo(b)
  if (columnsA === undefined || columnsB === undefined) return true
  if (rowsA === rowsB && columnsA === columnsB) return true
  if (rowsA === undefined || rowsB === undefined) {
    if (columnsA === columnsB) return true
    if (isEven(columnsA) && isEven(columnsB) && (rowsA === 1 || rowsB === 1)) return true
  }
  return columnsA === columnsB && isEven(rowsA ?? columnsA) && isEven(rowsB ?? columnsB)
}

const lastTwo = (shape: readonly number[]): [rows: number | undefined, columns: number | undefined] => [
  shape.at(-2),
  shape.at(-1),
]
