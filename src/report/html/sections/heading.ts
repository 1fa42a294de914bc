import type { Analysis, RunDescription } from '../../../analysis/analysis.ts'
import { markup, nothing, type Markup } from '../markup.ts'
import { shape } from '../quantities.ts'

const precisions: Readonly<Record<RunDescription['precision'], string>> = {
  mixed: 'mixed precision (fp16 over fp32 weights)',
  fp32: 'fp32',
  tf32: 'tf32',
  fp16: 'fp16',
  bf16: 'bf16',
}

/** What was analysed, and as what runs it. */
export function heading({ network, input, run, throughput }: Analysis): Markup {
  const images = run.batch === 1 ? 'one image' : `batches of ${run.batch} images`
  return markup`<p class="eyebrow">archc analyze</p>
<h1>${network}</h1>
<p class="sub">${capitalised(run.mode)} of ${images} of ${shape(input)} as the ${run.engine} engine runs it, \
${precisions[run.precision]}${throughput === undefined ? nothing : markup`, on <strong>${throughput.title}</strong>`}</p>`
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
