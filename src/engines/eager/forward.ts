import { totalElements } from '../../ir/ops/cost.ts'
import type { AttributesOf } from '../../ir/ops/index.ts'
import { unitPair } from '../../ir/ops/geometry.ts'
import {
  type Filter,
  filterKind,
  type KernelKind,
  bytesPerElement,
  precise,
  type Storage,
  INDEX_BYTES,
  widest,
} from '../kernel.ts'
import { allParameters, parameterElements } from '../../ir/view.ts'
import {
  cast,
  castBetween,
  copy,
  elementsOfInput,
  emit,
  isStrided,
  passOf,
  setResults,
  storageOf,
  type Site,
  inputBytes,
  widestInput,
} from './site.ts'
import { activationCosts } from '../../ir/ops/activations.ts'
import { sum } from '../../ir/sum.ts'
import { isInPlace } from '../backward.ts'

/** Channels of a 2-byte type that a tensor core takes at once: 16 bytes. */
const ALIGNMENT = 8
/** Up to so many input channels (pictures), cuDNN has kernels of its own that need no padding. */
const FEW = 4

/** A convolution: casts, a copy of what is not dense, padding of what is not aligned, the filter, its bias. */
export function conv(site: Site<AttributesOf<'conv'>>): void {
  const { channels, groups, kernel, stride, bias } = site.attributes
  const filter = filterOf(site, channels, groups, kernel, stride)
  const out = totalElements(site.outputs)
  castWeights(site)
  cast(site, 0, storage(site))
  if (isStrided(site, 0)) copy(site, 'contiguous', elementsOfInput(site, 0), storage(site))
  if (groups === 1) padChannels(site, filter, elementsOfInput(site, 0), out)
  apply(site, 'conv', filter, elementsOfInput(site, 0), out)
  if (bias) addBias(site, out)
  setResults(site, storage(site))
}

/** As a matrix product, which adds the bias itself. */
export function linear(site: Site<AttributesOf<'linear'>>): void {
  castWeights(site)
  cast(site, 0, storage(site))
  const filter = filterOf(site, site.attributes.features, 1, unitPair, unitPair)
  apply(
    site,
    'linear',
    filter,
    elementsOfInput(site, 0),
    totalElements(site.outputs),
    passOf(site).arithmetic,
  )
  setResults(site, storage(site))
}

/**
 * Both forms of FasterNet's code. `slicing` clones the input, because the sum after the block needs it as it was, and
 * convolves a slice, which is made dense first and written back. `split_cat` convolves one part and joins both.
 */
export function partialConv(site: Site<AttributesOf<'partial_conv'>>): void {
  const { channels, kernel, bias } = site.attributes
  const all = elementsOfInput(site, 0)
  const part = (all * channels) / (site.inputs[0]?.shape[0] ?? 1)
  const slicing = site.options.partialConv === 'slicing' && site.options.mode === 'inference'
  const kept = storageOf(site, 0)
  castWeights(site)
  if (slicing) copy(site, 'clone', all, kept)
  if (part < all && kept === storage(site)) copy(site, 'contiguous', part, kept)
  // A cast makes its result dense by the way.
  castBetween(site, part, kept, storage(site))
  const filter = { ...filterOf(site, channels, 1, kernel, unitPair), inChannels: channels }
  padChannels(site, filter, part, part)
  apply(site, 'conv', filter, part, part)
  if (bias) addBias(site, part)
  if (slicing) copy(site, 'copy', part, kept)
  else join(site, part, all - part, kept)
  setResults(site, kept)
}

/** What was convolved and what was not, as one tensor again, in the wider type. */
function join(site: Site, part: number, rest: number, kept: Storage): void {
  const read = part * bytesPerElement[storage(site)] + rest * bytesPerElement[kept]
  emit(site, 'concat', 'copy', { read, written: (part + rest) * bytesPerElement[kept] })
}

const storage = ({ options }: Site): Storage => precise[options.precision].filters

function filterOf(
  { inputs }: Site,
  outChannels: number,
  groups: number,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): Filter {
  return { inChannels: inputs[0]?.shape[0] ?? 1, outChannels, groups, kernel, stride }
}

function apply(
  site: Site,
  name: string,
  filter: Filter,
  read: number,
  written: number,
  arithmetic = 0,
): void {
  const each = bytesPerElement[storage(site)]
  const kind = filterKind(filter)
  const { unit } = precise[site.options.precision]
  const weight = parameterElements(site.graph, site.node, 'weight')
  const bias = name === 'linear' ? parameterElements(site.graph, site.node, 'bias') : 0
  emit(site, name, kind, {
    read: read * each,
    written: written * each,
    weights: (weight + bias) * each,
    macs: passOf(site).macs,
    arithmetic,
    filter,
    unit: kind === 'depthwise' ? 'vector' : unit,
  })
}

/** Autocast makes a copy of every weight of a filter, once a step (PyTorch's cache of casts). */
function castWeights(site: Site): void {
  const { kept, filters } = precise[site.options.precision]
  if (kept === filters) return
  const weights = allParameters(site.graph, site.node)
  const bytes = weights * (bytesPerElement[kept] + bytesPerElement[filters])
  emit(site, 'cast', 'cast', { read: 0, written: 0, weights: bytes, type: 'fp32' })
}

/**
 * Tensor cores want 16 bytes of channels at a time. Where these are not a multiple of 8, cuDNN copies the map into a
 * padded one before, and the result out of one after (NVIDIA, "Convolutional Layers User's Guide", section 2.1).
 */
function padChannels(site: Site, { inChannels, outChannels }: Filter, read: number, written: number): void {
  const { unit, filters } = precise[site.options.precision]
  if (unit !== 'matrix' || bytesPerElement[filters] !== 2 || inChannels <= FEW) return
  if (inChannels % ALIGNMENT !== 0) copy(site, 'pad channels', read, filters)
  if (outChannels % ALIGNMENT !== 0) copy(site, 'unpad channels', written, filters)
}

/** cuDNN's convolution gives no bias: the addition is a pass over the result. */
function addBias(site: Site, size: number): void {
  const bytes = size * bytesPerElement[storage(site)]
  const bias = parameterElements(site.graph, site.node, 'bias') * bytesPerElement[storage(site)]
  emit(site, 'bias', 'pointwise', {
    read: bytes,
    written: bytes,
    weights: bias,
    arithmetic: passOf(site).arithmetic,
  })
}

/** Bytes that a GPU fetches at least: a sector (NVIDIA, "CUDA C++ Best Practices Guide", coalesced access). */
const SECTOR = 32

/** One kernel that reads its inputs as they are kept and writes in the widest type of them, and of `other` if given. */
export const pass =
  (name: string, kind: KernelKind) =>
  (site: Site, other?: Storage): void => {
    const { reads, writes, indices, arithmetic } = passOf(site)
    const results = widest([widestInput(site), ...(other === undefined ? [] : [other])])
    const read = reads.reduce((all, amount, input) => all + inputBytes(site, input, amount), 0)
    const written = sum(writes) * bytesPerElement[results] + indices * INDEX_BYTES
    emit(site, name, kind, { read, written, arithmetic, weights: weightBytes(site) })
    setResults(site, results)
  }

/** As above, in fp32 under autocast (test/reference/autocast.json has PyTorch's own word for each). */
export const reduced =
  (name: string, kind: KernelKind) =>
  (site: Site): void => {
    cast(site, 0, precise[site.options.precision].reductions)
    const results = precise[site.options.precision].reductions
    const { reads, writes, arithmetic } = passOf(site)
    const each = bytesPerElement[results]
    emit(site, name, kind, {
      read: sum(reads) * each,
      written: sum(writes) * each,
      arithmetic,
      weights: weightBytes(site),
    })
    setResults(site, results)
  }

/** A sum or product of several is a chain of kernels of two. */
export const chained =
  (name: string) =>
  (site: Site): void => {
    const results = widestInput(site)
    const size = sum(passOf(site).writes)
    const steps = site.inputs.length - 1
    for (let step = 1; step <= steps; step++) {
      const first =
        step === 1 ? inputBytes(site, 0, elementsOfInput(site, 0)) : size * bytesPerElement[results]
      emit(site, name, 'pointwise', {
        read: first + inputBytes(site, step, elementsOfInput(site, step)),
        written: size * bytesPerElement[results],
        arithmetic: passOf(site).arithmetic / steps,
      })
    }
    setResults(site, results)
  }

/** Batch norm and its activation: two kernels, or one of the inplace_abn package. */
export function abn(site: Site<AttributesOf<'abn'>>): void {
  const size = elementsOfInput(site, 0)
  const results = widestInput(site)
  const { reads, arithmetic } = passOf(site)
  const { activation } = site.attributes
  const isSeparate = !isInPlace(site, site.options)
  const activating = isSeparate && activation !== 'none' ? activationCosts[activation].forward * size : 0
  const each = isSeparate ? bytesPerElement[results] : scattered(site, results)
  emit(site, isSeparate ? 'batch_norm' : 'inplace_abn', 'norm', {
    read: sum(reads) * each,
    written: size * each,
    arithmetic: arithmetic - activating,
    weights: weightBytes(site),
  })
  if (activating > 0) {
    const bytes = size * bytesPerElement[results]
    emit(site, activation, 'pointwise', { read: bytes, written: bytes, arithmetic: activating })
  }
  setResults(site, results)
}

/**
 * The kernels of inplace_abn 1.1 walk over planes, channel by channel. Where channels lie together, neighbouring
 * threads are a pixel apart, and every element costs a sector.
 */
const scattered = (site: Site, storage: Storage): number =>
  site.options.layout === 'nhwc' && (site.inputs[0]?.shape[1] ?? 1) > 1 ? SECTOR : bytesPerElement[storage]

/** Reflection padding is a copy; the fixed filter is a depthwise convolution of the padded map. */
export function blurPool(site: Site<AttributesOf<'blur_pool'>>): void {
  const storage = precise[site.options.precision].filters
  const [channels = 1, height = 1, width = 1] = site.inputs[0]?.shape ?? []
  const padded = channels * (height + 2) * (width + 2)
  const before = storageOf(site, 0)
  copy(site, 'pad', elementsOfInput(site, 0), before, padded)
  castBetween(site, padded, before, storage)
  const { stride } = site.attributes
  emit(site, 'blur', 'depthwise', {
    read: padded * bytesPerElement[storage],
    written: sum(passOf(site).writes) * bytesPerElement[storage],
    macs: passOf(site).fixedMacs,
    filter: { inChannels: channels, outChannels: channels, groups: channels, kernel: [3, 3], stride },
  })
  setResults(site, storage)
}

/** The factors are fp32 under autocast, and widen what they multiply. */
export function scale(site: Site): void {
  pass('scale', 'pointwise')(site, precise[site.options.precision].kept)
}

/** Reads its input as it comes, and writes fp32 under autocast. */
export function softmax(site: Site): void {
  pass('softmax', 'reduction')(site, precise[site.options.precision].reductions)
}

/** PyTorch's layer norm wants channels last in memory; where they are not, they are copied there. */
export function layerNorm(site: Site): void {
  const isMap = (site.inputs[0]?.shape[1] ?? 1) > 1
  if (site.options.layout === 'nchw' && isMap)
    copy(site, 'contiguous', elementsOfInput(site, 0), widestInput(site))
  reduced('layer_norm', 'norm')(site)
}

/** Channels come slowest in the logical order; where they lie together, their reordering is a copy. */
export function reshape(site: Site): void {
  const storage = widestInput(site)
  const spreads = [site.inputs[0], site.outputs[0]].some(
    (type) => (type?.shape[1] ?? 1) * (type?.shape[2] ?? 1) > 1,
  )
  if (isStrided(site, 0) || (site.options.layout === 'nhwc' && spreads))
    copy(site, 'contiguous', elementsOfInput(site, 0), storage)
  setResults(site, storage)
}

/** Parts of a tensor, looked at where they lie. */
export function parts(site: Site): void {
  setResults(site, widestInput(site))
  for (const output of site.node.outputs) site.values.strided.add(output)
}

/** Nothing at inference; in training a draw and a product. */
export function dropped(site: Site): void {
  if (site.options.mode === 'training') pass(site.node.op, 'pointwise')(site)
  else setResults(site, widestInput(site))
}

const weightBytes = (site: Site): number =>
  allParameters(site.graph, site.node) * bytesPerElement[precise[site.options.precision].kept]
