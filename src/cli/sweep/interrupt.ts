const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The exit status that shells give a program which a signal ended: 128 + its number. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Does work that an interrupt ends in order rather than at once.
 * @returns the exit status that the interrupt asks for; `undefined` where there was none
 */
export async function stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<number | undefined> {
  const controller = new AbortController()
  let status: number | undefined
  const stop = (signal: (typeof signals)[number]): void => {
    status = statusOf[signal]
    controller.abort()
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    await work(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
  return status
}
