import { Command } from 'commander'
import { printable } from '../diagnostics/printable.ts'
import { commandList, type CommandEntry } from './command-list.ts'
import { note, print } from './terminal.ts'

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
    .configureOutput({ writeOut: print, writeErr: note, outputError: writeMistake })
    .exitOverride()
  // A completion script is about all commands.
  const all = args.includes('completion')
  for (const entry of commandList) await addCommand(program, entry, all || args.includes(entry.name))
  return program
}

/** Commander quotes the command line, and adds a line with a suggestion where it has one. */
function writeMistake(text: string, write: (text: string) => void): void {
  const lines = text.trimEnd().split(/\n(?=\(Did you mean )/)
  write(lines.map(printable).join('\n'))
}

async function addCommand(program: Command, { name, summary, load }: CommandEntry, whole: boolean) {
  const command = program.command(name).description(summary)
  if (whole) (await load()).default(command)
}
