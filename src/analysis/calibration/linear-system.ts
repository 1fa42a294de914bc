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
