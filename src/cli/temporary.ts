import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'

/** The signals that end a process by default, and the exit status that shells give each: 128 + number. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const unfinished = new Set<string>()

/**
 * A name for what will replace `target` once it is whole: beside it, so that a rename is all it takes. Nobody can guess it
 * and have something there already, which would be taken away with what is unfinished.
 */
export const besideName = (target: string): string => `${target}.${randomBytes(8).toString('hex')}.tmp`

/**
 * Lets `work` make `path` and removes whatever is left there afterwards, also when the user interrupts.
 * While nothing is unfinished no handler is set, so that an interrupt ends even a long computation at once.
 */
export async function withTemporary<T>(path: string, work: () => Promise<T>): Promise<T> {
  if (unfinished.size === 0) for (const signal of signals) process.on(signal, abandon)
  unfinished.add(path)
  try {
    return await work()
  } finally {
    remove(path)
    unfinished.delete(path)
    if (unfinished.size === 0) for (const signal of signals) process.off(signal, abandon)
  }
}

function abandon(signal: keyof typeof statusOf): void {
  for (const path of unfinished) remove(path)
  process.exit(statusOf[signal])
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
