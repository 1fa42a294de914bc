import type { Command } from 'commander'

/** What a shell is told of a command. */
export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  readonly takesNetwork: boolean
}

export interface OptionWords {
  /** With its dashes. */
  readonly long: string
  /** With its dash. */
  readonly short: string | undefined
  readonly summary: string
  readonly takesValue: boolean
}

export function wordsOf(program: Command): readonly CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    takesNetwork: command.registeredArguments.some((argument) => argument.name() === 'network'),
    options: command.options.map((option) => ({
      long: option.long ?? option.flags,
      short: option.short,
      summary: option.description,
      takesValue: option.required || option.optional,
    })),
  }))
}
