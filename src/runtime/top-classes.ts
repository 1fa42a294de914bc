/** One guess at what a picture shows. */
export interface Guess {
  readonly class: number
  readonly label: string | null
  readonly probability: number
  readonly logit: number
}

/** The likeliest `count` classes by softmax, likeliest first; equal logits in the order of their numbers. */
export function topClasses(
  logits: Float32Array,
  count: number,
  labels?: readonly string[],
): readonly Guess[] {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
  return Array.from(logits, (logit, index) => ({ logit, index }))
    .sort((a, b) => b.logit - a.logit || a.index - b.index)
    .slice(0, count)
    .map(({ logit, index }) => ({
      class: index,
      label: labels?.[index] ?? null,
      probability: Math.exp(logit - highest) / total,
      logit,
    }))
}
