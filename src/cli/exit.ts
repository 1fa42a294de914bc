/** What the process ends with. 70 is `EX_SOFTWARE` of sysexits.h. */
export const EXIT = { done: 0, inputAtFault: 1, wrongUsage: 2, internalError: 70 } as const

/** A command line that asks for something impossible; help is offered. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The input was at fault and the command has already said so. */
export class AlreadyReported extends Error {
  override readonly name = 'AlreadyReported'
}
