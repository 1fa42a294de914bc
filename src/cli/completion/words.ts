import type { Command, Option } from 'commander'

/** What a shell is told of a command. */
export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  readonly takesNetwork: boolean
  /** What its argument may be, where that is one of a few words. */
  readonly choices: readonly string[]
  /** Whether it may be a file as well. */
  readonly orFile: boolean
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
  /** Whether it may be a file as well. */
  readonly orFile: boolean
}

/** What there is of a kind, by the placeholder of options and arguments: `device` for `--device <device>`. */
export type Offers = Readonly<Record<string, readonly string[]>>

/** Options whose value is one of a few words, of whatever command. */
export function choosingOptions(commands: readonly CommandWords[]): readonly OptionWords[] {
  const choosing = commands.flatMap(({ options }) => options).filter(({ choices }) => choices.length > 0)
  return [...new Map(choosing.map((option) => [option.long, option])).values()]
}

/** @param offers names of things that files may stand for as well */
export function wordsOf(program: Command, offers: Offers = {}): readonly CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    takesNetwork: command.registeredArguments.some((argument) => argument.name() === 'network'),
    choices: command.registeredArguments.flatMap(
      (argument) => argument.argChoices ?? offers[argument.name()] ?? [],
    ),
    orFile: command.registeredArguments.some((argument) => offers[argument.name()] !== undefined),
    options: command.options.map((option) => optionWords(option, offers)),
  }))
}

function optionWords(option: Option, offers: Offers): OptionWords {
  const offered = offers[/[<[](\w+)/.exec(option.flags)?.[1] ?? '']
  return {
    long: option.long ?? option.flags,
    short: option.short,
    summary: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? offered ?? [],
    orFile: option.argChoices === undefined && offered !== undefined,
  }
}
