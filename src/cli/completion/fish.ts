import type { CommandWords, OptionWords } from './words.ts'

/** For `archc completion fish | source`. */
export function fishScript(commands: readonly CommandWords[], networks: readonly string[]): string {
  const withNetwork = commands.filter(({ takesNetwork }) => takesNetwork).map(({ name }) => name)
  return [
    '# fish completion for archc',
    ...commands.flatMap(linesOf),
    `complete -c archc -n ${quoted(seen(withNetwork))} -a ${quoted(networks.join(' '))}`,
    '',
  ].join('\n')
}

function linesOf({ name, summary, options, choices, orFile }: CommandWords): string[] {
  const alone = orFile ? '' : ' -f'
  const operands = `complete -c archc -n ${quoted(seen([name]))}${alone} -a ${quoted(choices.join(' '))}`
  return [
    ...(choices.length > 0 ? [operands] : []),
    `complete -c archc -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...options.map((option) => optionLine(name, option)),
  ]
}

function optionLine(command: string, option: OptionWords): string {
  const { long, short, summary, takesValue, choices, orFile } = option
  const names = `-l ${long.replace(/^--/, '')}${short === undefined ? '' : ` -s ${short.replace(/^-/, '')}`}`
  const offer = choices.length > 0 ? `${orFile ? '' : ' -f'} -a ${quoted(choices.join(' '))}` : ''
  const value = takesValue ? ` -r${offer}` : ''
  return `complete -c archc -n ${quoted(seen([command]))} ${names}${value} -d ${quoted(summary)}`
}

const seen = (commands: readonly string[]): string => `__fish_seen_subcommand_from ${commands.join(' ')}`

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
