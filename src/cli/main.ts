import { CommanderError } from 'commander'
import { EXIT } from './exit.ts'
import { createProgram } from './program.ts'
import { note, outliveReaders } from './terminal.ts'

/** Runs one command line; returns the exit status and never throws. */
export async function main(args: readonly string[]): Promise<number> {
  outliveReaders()
  try {
    await (await createProgram(args)).parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    // Commander has already written help, the version or what is wrong with the command line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage
    return await failed(error, args)
  }
}

/** What a thread of `archc sweep` does. */
export const serveSweep = async (): Promise<void> => (await import('./sweep/serve.ts')).serve()

async function failed(error: unknown, args: readonly string[]): Promise<number> {
  try {
    const { reportFailure } = await import('./report-failure.ts')
    return reportFailure(error, { json: wantsJson(args) })
  } catch {
    note('archc: internal error, and another while reporting it')
    return EXIT.internalError
  }
}

/** Known from the words alone: what failed may be the reading of the options. */
const wantsJson = (args: readonly string[]): boolean =>
  args.includes('--json') ||
  args.includes('--format=json') ||
  args.some((word, at) => word === 'json' && args[at - 1] === '--format')
