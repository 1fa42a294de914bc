import { choosingOptions, type CommandWords, type OptionWords } from './words.ts'

/** For `source <(archc completion zsh)`, or as a file `_archc` in `$fpath`. */
export function zshScript(commands: readonly CommandWords[], networks: readonly string[]): string {
  return `#compdef archc
# zsh completion for archc
_archc() {
  local -a commands networks options
  commands=(${commands.map(({ name, summary }) => quoted(`${name}:${summary}`)).join(' ')})
  networks=(${networks.join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[CURRENT-1] in
${choosingOptions(commands).map(choice).join('\n')}
  esac
  case $words[2] in
${commands.map(branch).join('\n')}
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

const choice = ({ long, choices, orFile }: OptionWords): string =>
  `    ${long}) compadd -- ${choices.join(' ')};${orFile ? ' _files;' : ''} return ;;`

function branch({ name, options, takesNetwork, choices }: CommandWords): string {
  const described = options.map(({ long, summary }) => quoted(`${long}:${summary}`)).join(' ')
  const words = takesNetwork ? '$networks' : choices.join(' ')
  const offer = words === '' ? '' : `; [[ $PREFIX == -* ]] || compadd -- ${words}`
  return `    ${name}) options=(${described})${offer} ;;`
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
