import * as tf from '@tensorflow/tfjs-core'

/** TResNet-M as someone would write it directly against tfjs, without a compiler. */

/** Hands out the network's parameters in the order in which its layers are written down. */
export type NextWeights = (...shape: number[]) => Float32Array

type Layer = (x: tf.Tensor4D) => tf.Tensor4D

const chain =
  (...layers: Layer[]): Layer =>
  (x) =>
    layers.reduce((value, layer) => layer(value), x)

/** A 'same' convolution; weights come as [O, I, k, k]. */
function conv(next: NextWeights, inputs: number, outputs: number, size: number): Layer {
  const filter = tf.tidy(() =>
    tf.transpose(tf.tensor4d(next(outputs, inputs, size, size), [outputs, inputs, size, size]), [2, 3, 1, 0]),
  )
  return (x) => tf.conv2d(x, filter, 1, 'same')
}

function biasedConv(next: NextWeights, inputs: number, outputs: number): Layer {
  const apply = conv(next, inputs, outputs, 1)
  const bias: tf.Tensor = tf.tensor1d(next(outputs))
  return (x) => tf.add(apply(x), bias)
}

function batchNorm(next: NextWeights, channels: number): Layer {
  const [scale, offset, mean, variance] = Array.from({ length: 4 }, () => tf.tensor1d(next(channels)))
  return (x) => tf.batchNorm(x, mean!, variance!, offset, scale, 1e-5)
}

const leaky =
  (slope: number): Layer =>
  (x) =>
    tf.leakyRelu(x, slope)

function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape
  const blocks = tf.reshape(x, [n, h / block, block, w / block, block, c])
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [n, h / block, w / block, block * block * c])
}

function blur(channels: number): Layer {
  const taps = tf.tensor2d([1, 2, 1, 2, 4, 2, 1, 2, 1], [9, 1])
  const filter: tf.Tensor4D = tf.reshape(tf.tile(tf.div(taps, 16), [1, channels]), [3, 3, channels, 1])
  const border: [number, number][] = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]
  return (x) => tf.depthwiseConv2d(tf.mirrorPad(x, border, 'reflect'), filter, 2, 'valid')
}

function squeezeExcite(next: NextWeights, channels: number, hidden: number): Layer {
  const reduce = biasedConv(next, channels, hidden)
  const expand = biasedConv(next, hidden, channels)
  return (x) => tf.mul(x, tf.sigmoid(expand(tf.relu(reduce(tf.mean(x, [1, 2], true))))))
}

function shortcut(next: NextWeights, inputs: number, outputs: number, stride: number): Layer {
  if (stride === 1 && inputs === outputs) return (x) => x
  const project = chain(conv(next, inputs, outputs, 1), batchNorm(next, outputs))
  // TensorFlow's SAME for a 2x2 pool is a window that is cut by the edge and divided by what is left of it.
  return stride === 1 ? project : chain((x) => tf.avgPool(x, 2, 2, 'same'), project)
}

function residual(main: Layer, skip: Layer): Layer {
  return (x) => tf.tidy(() => tf.relu(tf.add<tf.Tensor4D>(main(x), skip(x))))
}

function basic(next: NextWeights, inputs: number, channels: number, stride: number): Layer {
  const main = [conv(next, inputs, channels, 3), batchNorm(next, channels), leaky(1e-3)]
  if (stride === 2) main.push(blur(channels))
  main.push(conv(next, channels, channels, 3), batchNorm(next, channels))
  main.push(squeezeExcite(next, channels, Math.max(channels / 4, 64)))
  return residual(chain(...main), shortcut(next, inputs, channels, stride))
}

function bottleneck(
  next: NextWeights,
  inputs: number,
  width: number,
  stride: number,
  attention: boolean,
): Layer {
  const main = [conv(next, inputs, width, 1), batchNorm(next, width), leaky(1e-3)]
  main.push(conv(next, width, width, 3), batchNorm(next, width), leaky(1e-3))
  if (stride === 2) main.push(blur(width))
  if (attention) main.push(squeezeExcite(next, width, Math.max(width / 2, 64)))
  main.push(conv(next, width, 4 * width, 1), batchNorm(next, 4 * width))
  return residual(chain(...main), shortcut(next, inputs, 4 * width, stride))
}

function repeat(
  count: number,
  inputs: number,
  outputs: number,
  block: (inputs: number, first: boolean) => Layer,
): Layer {
  return chain(...Array.from({ length: count }, (_, i) => block(i === 0 ? inputs : outputs, i === 0)))
}

/** Loads the weights; the function it returns takes and gives what a compiled model's `predict` does. */
export function tresnetM(next: NextWeights, size: number): (input: Float32Array) => Promise<Float32Array> {
  const step = (first: boolean): number => (first ? 2 : 1)
  const stem = chain(conv(next, 48, 64, 3), batchNorm(next, 64), leaky(1e-2))
  const body = chain(
    repeat(3, 64, 64, (inputs) => basic(next, inputs, 64, 1)),
    repeat(4, 64, 128, (inputs, first) => basic(next, inputs, 128, step(first))),
    repeat(11, 128, 1024, (inputs, first) => bottleneck(next, inputs, 256, step(first), true)),
    repeat(3, 1024, 2048, (inputs, first) => bottleneck(next, inputs, 512, step(first), false)),
  )
  const matrix = tf.tidy(() => tf.transpose(tf.tensor2d(next(1000, 2048), [1000, 2048])))
  const bias = tf.tensor1d(next(1000))
  return async (input) => {
    const logits = tf.tidy(() => {
      const image: tf.Tensor4D = tf.transpose(tf.tensor4d(input, [1, 3, size, size]), [0, 2, 3, 1])
      const features = tf.mean(body(stem(spaceToDepth(image, 4))), [1, 2])
      return tf.add(tf.matMul(tf.reshape(features, [1, 2048]), matrix), bias)
    })
    try {
      return await logits.data<'float32'>()
    } finally {
      logits.dispose()
    }
  }
}
