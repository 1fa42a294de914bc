import type { HostTensor, Model, Prediction } from '../../backends/model.ts'

/** An image as a network takes it. */
export interface Image {
  /** What results call it. */
  readonly name: string
  /** [C, H, W]. */
  readonly pixels: Float32Array
}

/**
 * Runs image by image, and takes the next one only when the last is done with: neither the memory on the device nor
 * that of decoded pictures grows with the number of images.
 */
export async function execute(
  model: Model,
  images: AsyncIterable<Image>,
  taps: readonly string[],
  onPrediction: (name: string, prediction: Prediction) => void,
): Promise<void> {
  for await (const { name, pixels } of images) onPrediction(name, await model.predict(pixels, 1, taps))
}

/** The values of each image, one tensor of all: they differ in the number of images alone. */
export function joined(tensors: readonly HostTensor[]): HostTensor {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0))
  let at = 0
  for (const tensor of tensors) {
    data.set(tensor.data, at)
    at += tensor.data.length
  }
  const count = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
  return { data, shape: [count, ...(tensors[0]?.shape.slice(1) ?? [])] }
}
