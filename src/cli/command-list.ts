import type { Command } from 'commander'

/** A command by name; its options and what it does are loaded when the command line names it. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly default: (command: Command) => void }>
}

const entry = (name: string, summary: string, load: CommandEntry['load']): CommandEntry => ({
  name,
  summary,
  load,
})

/** In the order of `archc --help`: the way a network goes from text to an answer. Each command is a file and a line here. */
// prettier-ignore
export const commandList: readonly CommandEntry[] = [
  entry('check', 'report every mistake of a spec', () => import('./commands/check.ts')),
  entry('analyze', 'tell what a network costs: MACs, bytes, time and why, memory', () => import('./commands/analyze.ts')),
  entry('diff', 'show what changed from one network to another, by part and block', () => import('./commands/diff.ts')),
  entry('sweep', 'evaluate a design space, and find the points that no other beats', () => import('./commands/sweep.ts')),
  entry('ir', 'show the typed graph that a network becomes', () => import('./commands/ir.ts')),
  entry('compile', 'write a model: its graph, weights and labels', () => import('./commands/compile.ts')),
  entry('run', 'run a network on images or arrays', () => import('./commands/run.ts')),
  entry('networks', 'list the built-in networks', () => import('./commands/networks.ts')),
  entry('devices', 'list the built-in devices, or show one with its sources', () => import('./commands/devices.ts')),
  entry('calibrate', "fit a device's efficiencies to measurements, or measure this machine", () => import('./commands/calibrate.ts')),
  entry('completion', 'print a completion script for bash, zsh or fish', () => import('./commands/completion.ts')),
]
