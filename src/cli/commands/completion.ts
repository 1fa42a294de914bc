import { type Command, type Option, Argument } from 'commander'
import { published, deviceNames } from '../../host/built-ins.ts'
import { print } from '../terminal.ts'

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

/** For `source <(archc completion bash)`. */
export function bashScript(commands: readonly CommandWords[], networks: readonly string[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# bash completion for archc
_archc() {
  local current=\${COMP_WORDS[COMP_CWORD]} options= operands=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${names} help --help --version" -- "$current") )
    return
  fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${choosingOptions(commands).map(bashChoice).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(bashBranch).join('\n')}
    help) operands="${names}" ;;
  esac
  case "$current" in
    -*) COMPREPLY=( $(compgen -W "$options --help" -- "$current") ) ;;
    *) COMPREPLY=( $(compgen -W "\${operands/@networks/$_archc_networks}" -- "$current") $(compgen -f -- "$current") ) ;;
  esac
}
_archc_networks="${networks.join(' ')}"
complete -o filenames -F _archc archc
`
}

function bashChoice({ long, choices, orFile }: OptionWords): string {
  const files = orFile ? ' $(compgen -f -- "$current")' : ''
  return `    ${long}) COMPREPLY=( $(compgen -W "${choices.join(' ')}" -- "$current")${files} ); return ;;`
}

function bashBranch({ name, options, takesNetwork, choices }: CommandWords): string {
  const flags = options.map(({ long }) => long).join(' ')
  const operands = takesNetwork ? ' operands=@networks' : ` operands="${choices.join(' ')}"`
  return `    ${name}) options="${flags}"${operands} ;;`
}

/** For `archc completion fish | source`. */
export function fishScript(commands: readonly CommandWords[], networks: readonly string[]): string {
  const withNetwork = commands.filter(({ takesNetwork }) => takesNetwork).map(({ name }) => name)
  return [
    '# fish completion for archc',
    ...commands.flatMap(linesOf),
    `complete -c archc -n ${fishQuoted(seen(withNetwork))} -a ${fishQuoted(networks.join(' '))}`,
    '',
  ].join('\n')
}

function linesOf({ name, summary, options, choices, orFile }: CommandWords): string[] {
  const alone = orFile ? '' : ' -f'
  const operands = `complete -c archc -n ${fishQuoted(seen([name]))}${alone} -a ${fishQuoted(choices.join(' '))}`
  return [
    ...(choices.length > 0 ? [operands] : []),
    `complete -c archc -n __fish_use_subcommand -a ${name} -d ${fishQuoted(summary)}`,
    ...options.map((option) => optionLine(name, option)),
  ]
}

function optionLine(command: string, option: OptionWords): string {
  const { long, short, summary, takesValue, choices, orFile } = option
  const names = `-l ${long.replace(/^--/, '')}${short === undefined ? '' : ` -s ${short.replace(/^-/, '')}`}`
  const offer = choices.length > 0 ? `${orFile ? '' : ' -f'} -a ${fishQuoted(choices.join(' '))}` : ''
  const value = takesValue ? ` -r${offer}` : ''
  return `complete -c archc -n ${fishQuoted(seen([command]))} ${names}${value} -d ${fishQuoted(summary)}`
}

const seen = (commands: readonly string[]): string => `__fish_seen_subcommand_from ${commands.join(' ')}`

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** For `source <(archc completion zsh)`, or as a file `_archc` in `$fpath`. */
export function zshScript(commands: readonly CommandWords[], networks: readonly string[]): string {
  return `#compdef archc
# zsh completion for archc
_archc() {
  local -a commands networks options
  commands=(${commands.map(({ name, summary }) => zshQuoted(`${name}:${summary}`)).join(' ')})
  networks=(${networks.join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[CURRENT-1] in
${choosingOptions(commands).map(zshChoice).join('\n')}
  esac
  case $words[2] in
${commands.map(zshBranch).join('\n')}
    help) compadd -- ${commands.map(({ name }) => name).join(' ')}; return ;;
  esac
  if [[ $PREFIX == -* ]]; then
    _describe option options
  else
    _files
  fi
}
compdef _archc archc
`
}

const zshChoice = ({ long, choices, orFile }: OptionWords): string =>
  `    ${long}) compadd -- ${choices.join(' ')};${orFile ? ' _files;' : ''} return ;;`

function zshBranch({ name, options, takesNetwork, choices }: CommandWords): string {
  const described = options.map(({ long, summary }) => zshQuoted(`${long}:${summary}`)).join(' ')
  const words = takesNetwork ? '$networks' : choices.join(' ')
  const offer = words === '' ? '' : `; [[ $PREFIX == -* ]] || compadd -- ${words}`
  return `    ${name}) options=(${described})${offer} ;;`
}

const zshQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

const EXAMPLES = `
Examples:
  archc completion bash
  archc completion zsh > ~/.zfunc/_archc
  archc completion fish | source`

export default function (command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to write for').choices(Object.keys(scripts)))
    .addHelpText('after', EXAMPLES)
    .action((shell: keyof typeof scripts) => printScript(shell, command.parent ?? command))
}

function printScript(shell: keyof typeof scripts, program: Command): void {
  const commands = wordsOf(program, { device: deviceNames() })
  const networks = published().map(({ name }) => name)
  print(scripts[shell](commands, networks))
}
