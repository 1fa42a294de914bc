import { Argument, Command, Option } from 'commander'
import { expect, test } from 'vitest'
import { bashScript, fishScript, wordsOf, zshScript } from '../../src/cli/commands/completion.ts'

const program = new Command()
program
  .command('judge')
  .addArgument(new Argument('[device]'))
  .option('--device <device>', 'a machine')
  .option('--other [device]')
  .option('--output <file>')
  .addOption(new Option('--kind <device>').choices(['a', 'b']))

const words = wordsOf(program, { device: ['v100', 't4'] })

test('options and arguments whose placeholder is offered take those names, or files', () => {
  const offers = words[0]!.options.map(({ long, choices, orFile }) => [long, choices, orFile])
  expect(offers).toEqual([
    ['--device', ['v100', 't4'], true],
    ['--other', ['v100', 't4'], true],
    ['--output', [], false],
    ['--kind', ['a', 'b'], false],
  ])
  expect([words[0]!.choices, words[0]!.orFile]).toEqual([['v100', 't4'], true])
})

test('each shell is told of both', () => {
  expect(bashScript(words, [])).toContain(
    '--device) COMPREPLY=( $(compgen -W "v100 t4" -- "$current") $(compgen -f',
  )
  expect(bashScript(words, [])).toContain('--kind) COMPREPLY=( $(compgen -W "a b" -- "$current") );')
  expect(zshScript(words, [])).toContain('--device) compadd -- v100 t4; _files; return')
  expect(fishScript(words, [])).toContain("-l device -r -a 'v100 t4'")
  expect(fishScript(words, [])).toContain("-l kind -r -f -a 'a b'")
})
