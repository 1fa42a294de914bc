import type { Command } from 'commander'

/** What a shell is told of a command. */
export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  readonly takesNetwork: boolean
  /** What its argument may be, where that is one of a few words. */
  readonly choices: readonly string[]
}

export interface OptionWords {
  /** With its dashes. */
  readonly long: string
  /** With its dash. */
  readonly short: string | undefined
  readonly summary: string
  readonly takesValue: boolean
  /** What its value may be, where that is one of a few words. */
  readonly choices: readonly string[]
}

/** Options whose value is one of a few words, of whatever command. */
export function choosingOptions(commands: readonly CommandWords[]): readonly OptionWords[] {
  const choosing = commands.flatMap(({ options }) => options).filter(({ choices }) => choices.length > 0)
  return [...new Map(choosing.map((option) => [option.long, option])).values()]
}

export function wordsOf(program: Command): readonly CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    takesNetwork: command.registeredArguments.some((argument) => argument.name() === 'network'),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: command.options.map((option) => ({
      long: option.long ?? option.flags,
      short: option.short,
      summary: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
  }))
}
