import type { ActivationName } from '../../../ir/ops/activation-names.ts'
import { activationCosts } from '../../../ir/ops/activation-costs.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import { isInPlace } from '../../execution/in-place.ts'
import { INDEX_BYTES, precise } from '../../execution/precision.ts'
import { perImage, plus, type Amount } from '../amount.ts'
import {
  cast,
  emit,
  freshOutputs,
  notes,
  operand,
  weightGradients,
  widestOperand,
  type Site,
} from '../site.ts'
import { tensorBytes, type StorageId, type Tensor } from '../tape.ts'

/** One call that reads the inputs and makes the outputs, and keeps what the operator's cost says. */
export function pass(site: Site): readonly Tensor[] {
  return done(site, site.operands, freshOutputs(site))
}

/** As above, in fp32 under autocast (test/reference/autocast.json has PyTorch's own word for each). */
export function reduced(site: Site): readonly Tensor[] {
  const type = precise[site.options.precision].reductions
  return done(site, [cast(site, operand(site), type)], freshOutputs(site, type))
}

function done(
  site: Site,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  more: { readonly shared?: readonly Tensor[]; readonly backward?: Amount } = {},
): readonly Tensor[] {
  const { saves, inference } = site.cost
  const small = notes(site)
  const indices = perImage(site.tape.training ? 0 : inference.indices * INDEX_BYTES)
  emit(site, {
    inputs,
    outputs,
    makes: small,
    keeps: [...storagesOf(inputs, saves.inputs), ...storagesOf(outputs, saves.outputs), ...small],
    shared: more.shared ?? [],
    scratch: { forward: indices, backward: plus(weightGradients(site), more.backward ?? perImage(0)) },
  })
  return outputs
}

const storagesOf = (tensors: readonly Tensor[], positions: readonly number[]): StorageId[] =>
  positions.flatMap((position) => tensors[position]?.storage ?? [])

/** The gradient of a sum is that of each summand, and no copy is made; only one that was repeated has its own. */
export function add(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site)
  const shared = site.operands.filter(({ elements, type }) =>
    outputs.some((output) => output.elements === elements && output.type === type),
  )
  return done(site, site.operands, outputs, { shared })
}

/** The gradient of a repeated factor is a whole map before it is summed. */
export function mul(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site)
  const size = tensorBytes(outputs[0] ?? operand(site))
  const isRepeated = site.operands.some(({ elements }) =>
    outputs.some((output) => elements < output.elements),
  )
  return done(site, site.operands, outputs, { backward: perImage(isRepeated ? size : 0) })
}

/** A product with fp32 factors is fp32, and so is the map whose sums are the factors' gradients. */
export function scale(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site, precise[site.options.precision].kept)
  return done(site, site.operands, outputs, { backward: perImage(tensorBytes(outputs[0] ?? operand(site))) })
}

/** The gradients of what was joined are parts of one; those of another type are cast out of it. */
export function concat(site: Site): readonly Tensor[] {
  const type = widestOperand(site)
  const shared = site.operands.filter((tensor) => tensor.type === type)
  return done(site, site.operands, freshOutputs(site, type), { shared })
}

/** Nothing at inference. */
export const dropped = (site: Site): readonly Tensor[] => (site.tape.training ? pass(site) : idle(site))

function idle(site: Site): readonly Tensor[] {
  const outputs = [operand(site)]
  emit(site, { inputs: outputs, outputs: [] })
  return outputs
}

export const activation =
  (name: ActivationName) =>
  (site: Site): readonly Tensor[] => [activated(site, name, operand(site), site.isLastUse(0))]

/** Activations that networks in PyTorch write with `inplace=True`. */
const inPlace: ReadonlySet<ActivationName> = new Set(['relu', 'relu6', 'leaky_relu', 'silu', 'hard_swish'])

/**
 * Where nothing else needs the input, its memory takes the output. In training PyTorch copies an input first that the
 * backward pass needs, which is as if the output were new.
 */
function activated(site: Site, name: ActivationName, input: Tensor, isLastUse: boolean): Tensor {
  const { saves } = activationCosts[name]
  const overwrites = inPlace.has(name) && isLastUse && site.tape.isFree(input)
  const isOverwritten = overwrites && (saves === 'output' || !site.tape.training)
  const output = isOverwritten
    ? { ...input }
    : site.tape.fresh(input.elements, input.type, input.needsGradient)
  emit(site, {
    inputs: [input],
    outputs: [output],
    keeps: [saves === 'output' ? output.storage : input.storage],
  })
  return output
}

/**
 * In place as the inplace_abn package has it: the input's memory takes the output, and the backward pass makes the
 * normalised map again, beside the gradient. Or batch norm, then the activation in place.
 */
export function abn(site: Site<AttributesOf<'abn'>>): readonly Tensor[] {
  const { activation: name } = site.attributes
  const input = operand(site)
  if (isInPlace(site, site.options) && site.isLastUse(0) && site.tape.isFree(input))
    return done(site, [input], [{ ...input, needsGradient: site.needsGradient }], {
      backward: perImage(tensorBytes(input)),
    })
  const [normalised = input] = freshOutputs(site)
  const small = notes(site)
  emit(site, {
    inputs: [input],
    outputs: [normalised],
    makes: small,
    keeps: [input.storage, ...small],
    scratch: { backward: weightGradients(site) },
  })
  return [name === 'none' ? normalised : activated(site, name, normalised, true)]
}

/** Reads its input as it comes, and writes fp32 under autocast. */
export const softmax = (site: Site): readonly Tensor[] =>
  done(site, site.operands, freshOutputs(site, precise[site.options.precision].reductions))
