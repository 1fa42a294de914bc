import type { Command } from 'commander'
import { diagnosticToJson } from '../../diagnostics/json.ts'
import { printable } from '../../diagnostics/printable.ts'
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { renderDiagnostics } from '../../diagnostics/render.ts'
import { checkProgram } from '../../elaborate/elaborate.ts'
import { AlreadyReported } from '../exit.ts'
import { elaborateOptions, hasErrors, openProgram } from '../load-network.ts'
import { isOfWorkingFolder } from '../report-failure.ts'
import { addNetworkOptions, TARGET_HELP, type NetworkOptions } from '../options.ts'
import { adviseImports } from '../../host/file-host.ts'
import { findSpec, type Spec } from '../../host/spec.ts'
import { print, printJson, wantsColor } from '../terminal.ts'

interface Options extends NetworkOptions {
  readonly json?: boolean
}

const EXAMPLES = `
Checks every network of a file, or the one that is named. Mistakes are the result and go to stdout.

Examples:
  archc check my_network.arch
  archc check my_network.arch --json
  archc check tresnet_m --set width=1.2 --input-size 3x192x256`

export default function (command: Command): void {
  addNetworkOptions(command.argument('<network>', TARGET_HELP))
    .option('--json', 'print {"diagnostics": [{"code", "message", "file", "line", "column", ...}]}')
    .addHelpText('after', EXAMPLES)
    .action(check)
}

function check(target: string, options: Options): void {
  const diagnostics = mistakes(target, options)
  if (options.json) printJson({ diagnostics: diagnostics.map(diagnosticToJson) })
  else print(report(target, diagnostics))
  if (hasErrors(diagnostics)) throw new AlreadyReported()
}

/** Every mistake and warning, whether checking found it or could not even begin. */
function mistakes(target: string, options: Options): readonly Diagnostic[] {
  try {
    return checkSpec(findSpec(target), options)
  } catch (error) {
    if (error instanceof DiagnosticError && !isOfWorkingFolder(error)) return error.diagnostics
    throw error
  }
}

const checkSpec = (spec: Spec, options: Options): readonly Diagnostic[] =>
  adviseImports(checkProgram(openProgram(spec, options), elaborateOptions(spec, options)), spec.host)

function report(target: string, diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return `${printable(target)}: no mistakes`
  return renderDiagnostics(diagnostics, { color: wantsColor(process.stdout) })
}
