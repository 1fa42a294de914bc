import type { SweepData, SweepPoint } from '../../src/report/html/sweep-page.ts'

/** A sweep of two settings, its numbers made up: wider is slower, and so is less reduction. */
export function sampleSweep(): SweepData {
  const points = [4, 8, 16].flatMap((reduction) =>
    Array.from({ length: 16 }, (_, index) => pointOf((5 + index) / 10, reduction)),
  )
  return {
    spec: 'sample.arch',
    objectives: ['seconds', 'parameters'],
    maximise: ['parameters'],
    points: points.map((point) => ({ ...point, pareto: !points.some((other) => beats(other, point)) })),
  }
}

function pointOf(width: number, reduction: number): SweepPoint {
  const parameters = Math.round(25e6 * width ** 2 * (1 + 1 / reduction))
  const macs = Math.round(4e9 * width ** 2)
  const seconds = 0.02 * width ** 1.6 * (1 + 0.02 * ((reduction * width * 10) % 7)) + 0.004 / reduction
  return {
    settings: { width: String(width), 'se.reduction': String(reduction) },
    values: { parameters, macs, bytes: 1.2e8 * width ** 1.1, seconds },
    pareto: false,
  }
}

const value = ({ values }: SweepPoint, key: string): number => values[key] ?? 0

function beats(a: SweepPoint, b: SweepPoint): boolean {
  const [time, size] = [
    value(a, 'seconds') - value(b, 'seconds'),
    value(b, 'parameters') - value(a, 'parameters'),
  ]
  return time <= 0 && size <= 0 && (time < 0 || size < 0)
}
