import { nothing, perImage } from './amount.ts'
import type { Moment } from './moment.ts'
import { tensorBytes, type Call, type StorageId, type Tape, type Tensor } from './tape.ts'

/**
 * The backward pass as PyTorch's autograd walks: the calls in reverse order, each of which reads what it kept and the
 * gradients of its outputs, and makes those of its inputs. Where a tensor was used several times, its gradients are
 * added as they come, in place where nothing else holds the first.
 */
export function backwardMoments(tape: Tape, results: readonly Tensor[]): readonly Moment[] {
  const gradients = new Gradients()
  const starts = results
    .filter(({ needsGradient }) => needsGradient)
    .map((result) => {
      const gradient = allocate(tape, result)
      gradients.add(result, gradient)
      return gradient
    })
  const calls = [...tape.calls].reverse()
  const first: readonly Moment[] = calls
    .slice(0, 1)
    .map(({ layer }) => ({ layer, pass: 'backward', inputs: [], outputs: starts, scratch: nothing }))
  return [...first, ...calls.flatMap((call) => momentsOf(tape, call, gradients))]
}

function momentsOf(tape: Tape, call: Call, gradients: Gradients): readonly Moment[] {
  const { layer } = call
  const given = [...new Set(call.outputs.flatMap((output) => gradients.of(output) ?? []))]
  const [shared] = given
  if (shared === undefined) return [{ layer, pass: 'backward', inputs: [], outputs: [], scratch: nothing }]
  const made = call.inputs
    .filter(({ needsGradient }) => needsGradient)
    .map((input) => ({ input, gradient: call.shared.includes(input) ? shared : allocate(tape, input) }))
  for (const { gradient } of made) gradients.claim(gradient)
  call.outputs.forEach((output) => gradients.drop(output))
  const own: Moment = {
    layer,
    pass: 'backward',
    inputs: [...call.keeps, ...given],
    outputs: made.map(({ gradient }) => gradient),
    scratch: call.scratch.backward,
  }
  return [own, ...made.flatMap(({ input, gradient }) => accumulated(tape, layer, input, gradient, gradients))]
}

/** Adds one more gradient of a tensor to those it has. */
function accumulated(
  tape: Tape,
  layer: number,
  tensor: Tensor,
  gradient: StorageId,
  gradients: Gradients,
): readonly Moment[] {
  const before = gradients.of(tensor)
  gradients.release(gradient)
  if (before === undefined) {
    gradients.add(tensor, gradient)
    return []
  }
  const isInPlace = gradients.holders(before) === 1 && before !== gradient
  const sum = isInPlace ? before : allocate(tape, tensor)
  gradients.drop(tensor)
  gradients.add(tensor, sum)
  const inputs = [before, gradient]
  return [{ layer, pass: 'backward', inputs, outputs: isInPlace ? [] : [sum], scratch: nothing }]
}

const allocate = (tape: Tape, tensor: Tensor): StorageId =>
  tape.allocate(perImage(tensorBytes(tensor)), 'activation gradients')

/** Which storage holds the gradient of each tensor so far, and how many hold each storage. */
class Gradients {
  private readonly byTensor = new Map<Tensor, StorageId>()
  private readonly claims = new Map<StorageId, number>()

  of(tensor: Tensor): StorageId | undefined {
    return this.byTensor.get(tensor)
  }

  holders(gradient: StorageId): number {
    return this.claims.get(gradient) ?? 0
  }

  add(tensor: Tensor, gradient: StorageId): void {
    this.byTensor.set(tensor, gradient)
    this.claim(gradient)
  }

  drop(tensor: Tensor): void {
    const gradient = this.byTensor.get(tensor)
    if (gradient === undefined) return
    this.byTensor.delete(tensor)
    this.release(gradient)
  }

  claim(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) + 1)
  }

  release(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) - 1)
  }
}
