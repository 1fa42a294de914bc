import { exact, significant } from '../../report/units.ts'
import { progress } from '../terminal.ts'

/** Milliseconds between two looks at the progress. */
const INTERVAL = 100
const BAR = 24

/** Shows how far a sweep is, in place; on a pipe, nothing. */
export class Progress {
  private readonly start = performance.now()
  private shown = -Infinity

  /** @param from how many points were known at the start */
  constructor(
    private readonly points: number,
    private readonly from: number,
  ) {}

  show(known: number): void {
    const now = performance.now()
    if (now - this.shown < INTERVAL) return
    this.shown = now
    progress(progressText({ points: this.points, known, rate: this.rate(known) }))
  }

  /** Points a second since the start. */
  rate(known: number): number {
    return (1000 * (known - this.from)) / Math.max(1, performance.now() - this.start)
  }

  get seconds(): number {
    return (performance.now() - this.start) / 1000
  }
}

export interface ProgressFacts {
  readonly points: number
  readonly known: number
  /** Points a second. */
  readonly rate: number
}

/** `[############------------] 1,234 of 2,468 points, 312 a second, 4 s left` */
export function progressText({ points, known, rate }: ProgressFacts): string {
  const filled = Math.floor((BAR * known) / points)
  const bar = '#'.repeat(filled) + '-'.repeat(BAR - filled)
  const left = rate > 0 ? `, ${durationText((points - known) / rate)} left` : ''
  return `[${bar}] ${exact(known)} of ${exact(points)} points, ${significant(rate, 3)} a second${left}`
}

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${exact(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`
}
