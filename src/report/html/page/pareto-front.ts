import type { Point } from './ceilings.ts'

export type Better = 'less' | 'more'

/**
 * The points that no other beats in both values, from left to right; where several are equal, one of them. Sorting makes
 * it n log n.
 */
export function frontOf(points: readonly Point[], x: Better, y: Better): Point[] {
  const signX = x === 'less' ? 1 : -1
  const signY = y === 'less' ? 1 : -1
  const sorted = [...points].sort((a, b) => signX * (a.x - b.x) || signY * (a.y - b.y))
  const front: Point[] = []
  let best = Infinity
  for (const point of sorted) {
    if (signY * point.y >= best) continue
    best = signY * point.y
    front.push(point)
  }
  return signX === 1 ? front : front.reverse()
}
