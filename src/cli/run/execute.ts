import type { HostTensor, Model } from '../../backends/model.ts'

/** What a network made of images, the batch in front: [N, ...]. */
export interface Outcome {
  readonly logits: HostTensor
  readonly taps: ReadonlyMap<string, HostTensor>
}

/** Runs image by image, so that the memory on the device does not grow with the number of them. */
export async function execute(
  model: Model,
  images: readonly Float32Array[],
  taps: readonly string[],
  onProgress: (done: number) => void,
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const image of images) {
    onProgress(outcomes.length)
    outcomes.push(await model.predict(image, 1, taps))
  }
  return joinOutcomes(outcomes)
}

function joinOutcomes(outcomes: readonly Outcome[]): Outcome {
  const names = [...(outcomes[0]?.taps.keys() ?? [])]
  const tap = (name: string) => joined(outcomes.flatMap(({ taps }) => taps.get(name) ?? []))
  return {
    logits: joined(outcomes.map(({ logits }) => logits)),
    taps: new Map(names.map((name) => [name, tap(name)])),
  }
}

/** One tensor of all; they differ in the number of images alone. */
function joined(tensors: readonly HostTensor[]): HostTensor {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0))
  let at = 0
  for (const tensor of tensors) {
    data.set(tensor.data, at)
    at += tensor.data.length
  }
  const count = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
  return { data, shape: [count, ...(tensors[0]?.shape.slice(1) ?? [])] }
}
