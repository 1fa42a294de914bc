import { Argument, type Command } from 'commander'
import { published } from '../../runtime/files/built-ins.ts'
import { deviceNames } from '../../runtime/files/devices.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { wordsOf } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'
import { createFullProgram } from '../program.ts'
import { print } from '../terminal.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

const EXAMPLES = `
Examples:
  archc completion bash
  archc completion zsh > ~/.zfunc/_archc
  archc completion fish | source`

export function define(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to write for').choices(Object.keys(scripts)))
    .addHelpText('after', EXAMPLES)
    .action(printScript)
}

async function printScript(shell: keyof typeof scripts): Promise<void> {
  const commands = wordsOf(await createFullProgram(), { device: deviceNames() })
  const networks = published().map(({ name }) => name)
  print(scripts[shell](commands, networks))
}
