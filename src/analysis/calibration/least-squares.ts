/**
 * Solves A x = b for a small symmetric positive definite A (rows) by Gaussian elimination; such a matrix needs no
 * exchange of rows (Higham, "Accuracy and Stability of Numerical Algorithms", section 10.1).
 */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i] ?? 0])
  for (const [at, pivot] of rows.entries())
    for (const row of rows.slice(at + 1)) subtract(row, pivot, (row[at] ?? 0) / (pivot[at] ?? 0))
  return substituteBack(rows)
}

function subtract(row: number[], pivot: readonly number[], factor: number): void {
  for (const [column, value] of pivot.entries()) row[column] = (row[column] ?? 0) - factor * value
}

/** The solution of an upper triangle; the last column is the right-hand side. */
function substituteBack(rows: readonly (readonly number[])[]): number[] {
  const size = rows.length
  const x = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    const row = rows[i] ?? []
    let rest = row[size] ?? 0
    for (let j = i + 1; j < size; j++) rest -= (row[j] ?? 0) * (x[j] ?? 0)
    x[i] = rest / (row[i] ?? 0)
  }
  return x
}

/** Residuals at a point: as many numbers each time, whose squares are to be small. */
type Residuals = (x: readonly number[]) => readonly number[]

interface Minimum {
  readonly x: readonly number[]
  /** Sum of squares. */
  readonly cost: number
  readonly steps: number
}

const MOST_STEPS = 100
/** Of finite differences. */
const WIDTH = 1e-5
/** Where a step improves the cost by less than this part, that is it. */
const TOLERANCE = 1e-10
/** Damping beyond which no step helps. */
const MOST_DAMPING = 1e10

/**
 * The least sum of squares near `start`, by Levenberg and Marquardt's method (doi:10.1137/0111030): Gauss-Newton's step,
 * shortened until it improves. Derivatives are forward differences. Deterministic, at most 100 steps.
 */
export function leastSquares(residuals: Residuals, start: readonly number[]): Minimum {
  let x = start
  let r = residuals(x)
  let damping = 1e-3
  let steps = 0
  while (steps < MOST_STEPS && damping < MOST_DAMPING) {
    const normal = normalEquations(jacobian(residuals, x, r), r)
    const next = improve(residuals, x, r, normal, damping)
    if (next === undefined) break
    steps++
    const gain = 1 - squares(next.r) / squares(r)
    ;({ x, r } = next)
    damping = next.damping / 10
    if (gain < TOLERANCE) break
  }
  return { x, cost: squares(r), steps }
}

interface Point {
  readonly x: readonly number[]
  readonly r: readonly number[]
  readonly damping: number
}

/** The first shorter step that improves, if any does. */
function improve(
  residuals: Residuals,
  x: readonly number[],
  r: readonly number[],
  { matrix, right }: Normal,
  start: number,
): Point | undefined {
  for (let damping = start; damping < MOST_DAMPING; damping *= 10) {
    const damped = matrix.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) : value)))
    const step = solve(damped, right)
    const nextX = x.map((value, i) => value - (step[i] ?? 0))
    const nextR = residuals(nextX)
    if (squares(nextR) < squares(r)) return { x: nextX, r: nextR, damping }
  }
  return undefined
}

/** Columns of derivatives, one for each variable. */
function jacobian(residuals: Residuals, x: readonly number[], r: readonly number[]): number[][] {
  return x.map((_, i) => {
    const moved = residuals(x.map((value, j) => (i === j ? value + WIDTH : value)))
    return moved.map((value, row) => (value - (r[row] ?? 0)) / WIDTH)
  })
}

interface Normal {
  readonly matrix: readonly (readonly number[])[]
  readonly right: readonly number[]
}

const normalEquations = (columns: readonly (readonly number[])[], r: readonly number[]): Normal => ({
  matrix: columns.map((a) => columns.map((b) => dot(a, b))),
  right: columns.map((column) => dot(column, r)),
})

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)

const squares = (r: readonly number[]): number => dot(r, r)
