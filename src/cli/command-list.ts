import type { Command } from 'commander'

/** A command by name; its options and what it does are loaded when the command line names it. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>
}

/** In the order of `archc --help`: the way a network goes from text to an answer. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'report every mistake of a spec',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'analyze',
    summary: 'tell what a network costs: MACs, bytes, time and why, memory',
    load: () => import('./commands/analyze.ts'),
  },
  {
    name: 'diff',
    summary: 'show what changed from one network to another, by part and block',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'sweep',
    summary: 'evaluate a design space, and find the points that no other beats',
    load: () => import('./commands/sweep.ts'),
  },
  {
    name: 'ir',
    summary: 'show the typed graph that a network becomes',
    load: () => import('./commands/ir.ts'),
  },
  {
    name: 'compile',
    summary: 'write a model: its graph, weights and labels',
    load: () => import('./commands/compile.ts'),
  },
  {
    name: 'run',
    summary: 'run a network on images or arrays',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'networks',
    summary: 'list the built-in networks',
    load: () => import('./commands/networks.ts'),
  },
  {
    name: 'devices',
    summary: 'list the built-in devices, or show one with its sources',
    load: () => import('./commands/devices.ts'),
  },
  {
    name: 'calibrate',
    summary: "fit a device's efficiencies to measurements, or measure this machine",
    load: () => import('./commands/calibrate.ts'),
  },
  {
    name: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
]
