import { elements } from '../../../ir/tensor-type.ts'
import { emit, freshOutputs, operand, type Site } from '../site.ts'
import type { Tensor } from '../tape.ts'

/** Parts of a tensor, looked at where they lie; the gradient of the whole is made of theirs. */
export function sections(site: Site): readonly Tensor[] {
  const whole = operand(site)
  const outputs = site.outputs.map((output) => site.tape.view(whole, elements(output)))
  emit(site, { inputs: [whole], outputs })
  return outputs
}

/** The same memory, and the same gradient. Channels that lie together have to be copied where their order changes. */
export function reshape(site: Site): readonly Tensor[] {
  const input = operand(site)
  const isMap = [site.inputs[0], site.outputs[0]].some(
    (type) => (type?.shape[1] ?? 1) * (type?.shape[2] ?? 1) > 1,
  )
  const isCopied = site.options.layout === 'nhwc' && isMap
  const outputs = isCopied ? freshOutputs(site) : [site.tape.view(input)]
  emit(site, { inputs: [input], outputs, shared: isCopied ? [] : [input] })
  return outputs
}
