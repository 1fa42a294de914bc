import { totalElements } from '../../../ir/ops/cost.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import { unitPair } from '../../../ir/ops/geometry.ts'
import type { Filter } from '../kernel.ts'
import { filterKind } from '../kinds.ts'
import { allParameters, parameterElements } from '../parameters.ts'
import { bytesPerElement, precise, type Storage } from '../precision.ts'
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
} from './site.ts'

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
