import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { readableName } from '../readable.ts'
import type { TensorEntry } from './file.ts'

/**
 * The format leaves no byte of the data unused and none used twice: tensors follow each other without gaps, in any
 * order, to the end of the file.
 * @throws DiagnosticError E0608, E0609
 */
export function checkLayout(
  tensors: readonly TensorEntry[],
  file: { readonly path: string; readonly dataStart: number; readonly available: number },
): void {
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)
  let before: TensorEntry | undefined
  for (const tensor of inOrder) {
    checkNeighbours(before, tensor, file)
    before = tensor
  }
  const used = before?.end ?? 0
  if (used < file.available)
    throw new DiagnosticError([
      diagnose('E0609', { path: file.path, offset: file.dataStart + used }, { bytes: file.available - used }),
    ])
}

function checkNeighbours(
  before: TensorEntry | undefined,
  tensor: TensorEntry,
  file: { readonly path: string; readonly dataStart: number },
): void {
  const gap = tensor.begin - (before?.end ?? 0)
  if (gap === 0) return
  throw new DiagnosticError([
    diagnose(
      'E0608',
      { path: file.path, offset: file.dataStart + Math.min(tensor.begin, before?.end ?? 0) },
      {
        kind: gap < 0 ? 'overlap' : 'gap',
        tensor: readableName(tensor.name),
        before: before === undefined ? undefined : readableName(before.name),
        bytes: Math.abs(gap),
      },
    ),
  ])
}
