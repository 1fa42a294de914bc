import type { Command } from 'commander'
import { published, type BuiltIn } from '../../host/built-ins.ts'
import { print, printJson } from '../terminal.ts'

const EXAMPLES = `
Examples:
  archc networks
  archc networks --json`

export default function (command: Command): void {
  command
    .option('--json', 'print {"networks": [{"name", "file"}]}')
    .addHelpText('after', EXAMPLES)
    .action(list)
}

function list({ json }: { readonly json?: boolean }): void {
  const networks = published().map(({ name, file }) => ({ name, file }))
  if (json) printJson({ networks })
  else print(table(networks))
}

function table(networks: readonly Pick<BuiltIn, 'name' | 'file'>[]): string {
  const width = Math.max(...networks.map(({ name }) => name.length))
  return networks.map(({ name, file }) => `${name.padEnd(width)}  ${file}`).join('\n')
}
