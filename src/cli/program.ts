import { Command } from 'commander'
import { commandList, type CommandEntry } from './command-list.ts'

declare const ARCHC_VERSION: string | undefined

const EXAMPLES = `
Examples:
  archc check resnet.arch
  archc analyze tresnet_m
  archc run efficientnet_lite0 --weights efficientnet_lite0.safetensors --input cat.jpg

\`archc help COMMAND\` has more about each. Exit status: 0 done, 1 the input was at fault, 2 wrong usage.`

/**
 * The command line of `archc`. Only the commands that `args` mentions are loaded; of the others, name and summary
 * are enough for help and suggestions.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('archc')
    .description('Checks, analyses, compiles and runs convolutional networks written in .arch.')
    .version(typeof ARCHC_VERSION === 'string' ? ARCHC_VERSION : 'development', '-V, --version')
    .usage('COMMAND [options]')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
  for (const entry of commandList) await addCommand(program, entry, args.includes(entry.name))
  return program
}

/** All commands with all their options. */
export const createFullProgram = (): Promise<Command> => createProgram(commandList.map(({ name }) => name))

async function addCommand(program: Command, { name, summary, load }: CommandEntry, whole: boolean) {
  const command = program.command(name).description(summary)
  if (whole) (await load()).define(command)
}
