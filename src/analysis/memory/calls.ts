import type { Padding } from '../../ir/ops/geometry.ts'
import { type AttributesOf, operatorOf, type OpName } from '../../ir/ops/index.ts'
import { precise, INDEX_BYTES, type ExecutionOptions } from '../../engines/kernel.ts'
import { nothing, perImage, plus, type Amount } from './amount.ts'
import {
  cast,
  copiesGradients,
  emit,
  freshOutputs,
  operand,
  weightCopies,
  weightGradients,
  type Site,
  notes,
  widestOperand,
  type Lowering,
  siteOf,
} from './site.ts'
import { tensorBytes, type Tensor, type StorageId, Tape } from './tape.ts'
import {
  type ActivationName,
  activationCosts,
  activationNames,
  activationOf,
} from '../../ir/ops/activations.ts'
import { isInPlace } from '../../engines/backward.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import type { GraphView } from '../../ir/view.ts'
import { typeOf } from '../../ir/view.ts'

/** A convolution keeps what it read: its input in the filters' type, with its margin where PyTorch makes that first. */
function conv(site: Site<AttributesOf<'conv'>>): readonly Tensor[] {
  const { groups, padding } = site.attributes
  const [channels = 1] = site.inputs[0]?.shape ?? []
  const input = cast(site, operand(site), filterType(site))
  const read = isEven(padding) ? input : padded(site, input, padding, [])
  const outputs = freshOutputs(site, filterType(site))
  const isDepthwise = groups > 1 && groups === channels
  return filtered(site, read, outputs, isDepthwise ? nothing : transposes(site, [read, ...outputs]))
}

function linear(site: Site): readonly Tensor[] {
  const input = cast(site, operand(site), filterType(site))
  return filtered(site, input, freshOutputs(site, filterType(site)), nothing)
}

/**
 * Both forms of FasterNet's code make a whole new map of the input's type, and the convolved part in passing. What is kept
 * is a view of the input, and with it all of the input's memory; or the part, where that was cast.
 */
function partialConv(site: Site<AttributesOf<'partial_conv'>>): readonly Tensor[] {
  const whole = operand(site)
  const [channels = 1] = site.inputs[0]?.shape ?? []
  const size = (whole.elements * site.attributes.channels) / channels
  const read = cast(site, whole, filterType(site), size)
  const part = { ...read, elements: size }
  const workspace = plus(perImage(tensorBytes(part)), transposes(site, [part, part]))
  const inputs = read === whole ? [whole] : [read, whole]
  return filtered(site, read, freshOutputs(site), workspace, inputs)
}

/** A reflected margin, which PyTorch makes as a tensor of the input's type, and a convolution that learns nothing. */
function blurPool(site: Site): readonly Tensor[] {
  const input = operand(site)
  const map = cast(site, padded(site, input, [1, 1, 1, 1], [input.storage]), filterType(site))
  const outputs = freshOutputs(site, map.type)
  emit(site, { inputs: [map], outputs, keeps: [map.storage] })
  return outputs
}

const filterType = ({ options }: Site) => precise[options.precision].filters

function filtered(
  site: Site,
  input: Tensor,
  outputs: readonly Tensor[],
  workspace: Amount,
  inputs: readonly Tensor[] = [input],
): readonly Tensor[] {
  const copies = weightCopies(site)
  const gradients = plus(weightGradients(site), copiesGradients(site))
  emit(site, {
    inputs,
    outputs,
    makes: copies,
    keeps: [input.storage, ...copies],
    scratch: { forward: workspace, backward: plus(workspace, gradients) },
  })
  return outputs
}

/**
 * Matrix units want the channels of a pixel side by side. Of maps that lie otherwise cuDNN makes copies in a workspace: of
 * what each of the three convolutions (forward, the input's gradient, the weights') reads and writes.
 */
function transposes({ options }: Site, maps: readonly Tensor[]): Amount {
  const isTransposed = options.layout === 'nchw' && precise[options.precision].unit === 'matrix'
  return isTransposed ? perImage(maps.reduce((sum, map) => sum + tensorBytes(map), 0)) : nothing
}

/** PyTorch's convolutions take the same margin on opposite sides only. */
const isEven = ([top, right, bottom, left]: Padding): boolean => top === bottom && left === right

function padded(
  site: Site,
  input: Tensor,
  [top, right, bottom, left]: Padding,
  keeps: readonly number[],
): Tensor {
  const [channels = 1, height = 1, width = 1] = site.inputs[0]?.shape ?? []
  const size = channels * (height + top + bottom) * (width + left + right)
  const result = site.tape.fresh(size, input.type, input.needsGradient)
  emit(site, { inputs: [input], outputs: [result], keeps })
  return result
}

/** One call that reads the inputs and makes the outputs, and keeps what the operator's cost says. */
function pass(site: Site): readonly Tensor[] {
  return done(site, site.operands, freshOutputs(site))
}

/** As above, in fp32 under autocast (test/reference/autocast.json has PyTorch's own word for each). */
function reduced(site: Site): readonly Tensor[] {
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
function add(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site)
  const shared = site.operands.filter(({ elements, type }) =>
    outputs.some((output) => output.elements === elements && output.type === type),
  )
  return done(site, site.operands, outputs, { shared })
}

/** The gradient of a repeated factor is a whole map before it is summed. */
function mul(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site)
  const size = tensorBytes(outputs[0] ?? operand(site))
  const isRepeated = site.operands.some(({ elements }) =>
    outputs.some((output) => elements < output.elements),
  )
  return done(site, site.operands, outputs, { backward: perImage(isRepeated ? size : 0) })
}

/** A product with fp32 factors is fp32, and so is the map whose sums are the factors' gradients. */
function scale(site: Site): readonly Tensor[] {
  const outputs = freshOutputs(site, precise[site.options.precision].kept)
  return done(site, site.operands, outputs, { backward: perImage(tensorBytes(outputs[0] ?? operand(site))) })
}

/** The gradients of what was joined are parts of one; those of another type are cast out of it. */
function concat(site: Site): readonly Tensor[] {
  const type = widestOperand(site)
  const shared = site.operands.filter((tensor) => tensor.type === type)
  return done(site, site.operands, freshOutputs(site, type), { shared })
}

/** Nothing at inference. */
const dropped = (site: Site): readonly Tensor[] => (site.tape.training ? pass(site) : idle(site))

function idle(site: Site): readonly Tensor[] {
  const outputs = [operand(site)]
  emit(site, { inputs: outputs, outputs: [] })
  return outputs
}

const activation =
  (name: ActivationName) =>
  (site: Site): readonly Tensor[] => [activated(site, name, operand(site), site.isLastUse(0))]

/**
 * Where nothing else needs the input, its memory takes the output. In training PyTorch copies an input first that the
 * backward pass needs, which is as if the output were new.
 */
function activated(site: Site, name: ActivationName, input: Tensor, isLastUse: boolean): Tensor {
  const { saves } = activationCosts[name]
  const overwrites = activationOf(name).runsInPlace && isLastUse && site.tape.isFree(input)
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
function abn(site: Site<AttributesOf<'abn'>>): readonly Tensor[] {
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
const softmax = (site: Site): readonly Tensor[] =>
  done(site, site.operands, freshOutputs(site, precise[site.options.precision].reductions))

/** Parts of a tensor, looked at where they lie; the gradient of the whole is made of theirs. */
function sections(site: Site): readonly Tensor[] {
  const whole = operand(site)
  const outputs = site.outputs.map((output) => site.tape.view(whole, elements(output)))
  emit(site, { inputs: [whole], outputs })
  return outputs
}

/** The same memory, and the same gradient. Channels that lie together have to be copied where their order changes. */
function reshape(site: Site): readonly Tensor[] {
  const input = operand(site)
  const isMap = [site.inputs[0], site.outputs[0]].some(
    (type) => (type?.shape[1] ?? 1) * (type?.shape[2] ?? 1) > 1,
  )
  const isCopied = site.options.layout === 'nhwc' && isMap
  const outputs = isCopied ? freshOutputs(site) : [site.tape.view(input)]
  emit(site, { inputs: [input], outputs, shared: isCopied ? [] : [input] })
  return outputs
}

const activations: { readonly [N in OpName]?: Lowering } = Object.fromEntries(
  activationNames.map((name) => [name, activation(name)]),
)

/** What is not one call that reads its inputs and makes its results, as the operator's cost has them. */
const special: { readonly [N in OpName]?: Lowering<AttributesOf<N>> } = {
  ...activations,
  abn,
  add,
  blur_pool: blurPool,
  concat,
  conv,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  layer_norm: reduced,
  linear,
  mul,
  partial_conv: partialConv,
  reshape,
  scale,
  slice: sections,
  softmax,
  split: sections,
  upsample: reduced,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export function loweringOf(op: OpName): Lowering {
  const own = special[op] as Lowering | undefined
  if (own !== undefined) return own
  const { work } = operatorOf(op)
  if (work === 'filter' || work === 'view') throw new Error(`it is not known how ${op} uses memory`)
  return pass
}

/** A graph's forward pass as an engine's calls, and the tensors that its caller gave and gets. */
interface Recording {
  readonly tape: Tape
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/**
 * Eager PyTorch's calls. A picture needs no gradient; the caller keeps it, and the results, for the whole step.
 */
export function record(view: GraphView, options: ExecutionOptions): Recording {
  const { graph } = view
  const tape = new Tape(options.mode === 'training')
  const { kept } = precise[options.precision]
  const tensors = new Map<ValueId, Tensor>()
  for (const id of graph.inputs)
    tensors.set(id, tape.fresh(elements(typeOf(graph, id)), kept, false, 'input'))
  const setting = { graph, options, tape, uses: usesOf(graph) }
  for (const typed of view.nodes) {
    const operands = tensorsOf(tensors, typed.node.inputs, typed.node)
    const outputs = loweringOf(typed.node.op)(siteOf(typed, operands, setting))
    typed.node.outputs.forEach((id, position) => {
      const output = outputs[position]
      if (output !== undefined) tensors.set(id, output)
    })
  }
  return { tape, inputs: tensorsOf(tensors, graph.inputs), outputs: tensorsOf(tensors, graph.outputs) }
}

function tensorsOf(
  tensors: ReadonlyMap<ValueId, Tensor>,
  ids: readonly ValueId[],
  user?: Node,
): readonly Tensor[] {
  return ids.map((id) => {
    const tensor = tensors.get(id)
    if (tensor === undefined)
      throw new Error(`value ${id} is used before it is made${user ? `: ${user.path}` : ''}`)
    return tensor
  })
}

/** How many times each value is read, by nodes and by the caller. */
function usesOf(graph: Graph): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>()
  const note = (id: ValueId) => uses.set(id, (uses.get(id) ?? 0) + 1)
  for (const node of graph.nodes) node.inputs.forEach(note)
  graph.outputs.forEach(note)
  return uses
}
