import { activationCosts } from '../../../ir/ops/activation-costs.ts'
import { sum } from '../../../ir/sum.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import { isInPlace } from '../in-place.ts'
import type { KernelKind } from '../kernel.ts'
import { allParameters } from '../parameters.ts'
import { bytesPerElement, INDEX_BYTES, precise, widest, type Storage } from '../precision.ts'
import {
  cast,
  castBetween,
  copy,
  elementsOfInput,
  emit,
  inputBytes,
  isStrided,
  passOf,
  setResults,
  storageOf,
  widestInput,
  type Site,
} from './site.ts'

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
