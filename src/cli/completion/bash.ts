import { choosingOptions, type CommandWords, type OptionWords } from './words.ts'

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
${choosingOptions(commands).map(choice).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(branch).join('\n')}
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

function choice({ long, choices, orFile }: OptionWords): string {
  const files = orFile ? ' $(compgen -f -- "$current")' : ''
  return `    ${long}) COMPREPLY=( $(compgen -W "${choices.join(' ')}" -- "$current")${files} ); return ;;`
}

function branch({ name, options, takesNetwork, choices }: CommandWords): string {
  const flags = options.map(({ long }) => long).join(' ')
  const operands = takesNetwork ? ' operands=@networks' : ` operands="${choices.join(' ')}"`
  return `    ${name}) options="${flags}"${operands} ;;`
}
