import { extname, join } from 'node:path'
import type { HostTensor, Prediction } from '../../backends/model.ts'
import { statOf } from '../../runtime/files/file-system.ts'
import { writeNpy } from '../../runtime/npy/write.ts'
import { folderPlace } from '../write-folder.ts'
import { makeFolder, reportingFaults, writeOutput } from '../write-output.ts'
import { joined } from './execute.ts'

/** Where the values of a run go. */
export interface Destinations {
  readonly output?: string
  readonly tapDir?: string
}

/** The tensors that files are made of, one for each image. Without a file to write, none is kept. */
export class KeptTensors {
  private readonly outputs: HostTensor[][] = []
  private readonly taps = new Map<string, HostTensor[]>()

  constructor(private readonly destinations: Destinations) {}

  keep({ outputs, taps }: Prediction): void {
    if (this.destinations.output !== undefined)
      outputs.forEach((tensor, at) => (this.outputs[at] ??= []).push(tensor))
    for (const [name, tensor] of taps) {
      const kept = this.taps.get(name)
      if (kept === undefined) this.taps.set(name, [tensor])
      else kept.push(tensor)
    }
  }

  /**
   * Writes what was kept, the batch in front.
   * @returns the files of the network's results
   * @throws DiagnosticError where a file cannot be written
   */
  async write(): Promise<readonly string[]> {
    const { output, tapDir } = this.destinations
    if (tapDir !== undefined) {
      await reportingFaults(tapDir, () => makeFolder(folderPlace(tapDir).path))
      for (const [name, tensors] of this.taps) await writeTensor(join(tapDir, `${name}.npy`), tensors)
    }
    if (output === undefined) return []
    const files = outputFiles(output, this.outputs.length)
    for (const [at, file] of files.entries()) await writeTensor(file, this.outputs[at] ?? [])
    return files
  }
}

/**
 * One file for each result: `y.npy`, or `y.0.npy`, `y.1.npy` of several. A pipe or a device, which is no file of that name,
 * takes them one after another.
 */
export function outputFiles(output: string, count: number): readonly string[] {
  if (count === 1) return [output]
  const numbers = Array.from({ length: count }, (_, at) => at)
  const stats = statOf(output)
  if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) return numbers.map(() => output)
  const extension = extname(output)
  const stem = output.slice(0, output.length - extension.length)
  return numbers.map((at) => `${stem}.${at}${extension}`)
}

const writeTensor = (path: string, tensors: readonly HostTensor[]): Promise<void> => {
  const { shape, data } = joined(tensors)
  return writeOutput(path, writeNpy(shape, data))
}
