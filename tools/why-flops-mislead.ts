/**
 * Fills examples/why-flops-mislead/README.md with what archc prints: `npx vitest run test/examples -u`. Its prose is written
 * by hand; test/examples holds the figures that the prose names to the same output.
 */
import { tables } from './why-flops-mislead.tables.ts'

/** Runs archc in the example's folder and returns what it prints. */
export type Archc = (args: readonly string[]) => Promise<string>

/** A ```sh block of one command, in as many lines as it needs, and the ```text block of its output. */
const COMMAND = /^```sh\narchc (?<args>[^`]+?)\n```\n\n```text\n(?<output>.*?)^```$/gms
const TABLE = /^<!-- table: (?<name>\w+) -->\n.*?^<!-- end -->$/gms

/**
 * The page with its outputs and tables made anew.
 * @throws Error where a command has no place for its output, or a table has none
 */
export async function refreshed(page: string, archc: Archc): Promise<string> {
  const [commands, shown] = [/^```sh$/gm, COMMAND].map((pattern) => [...page.matchAll(pattern)].length)
  if (commands !== shown || [...page.matchAll(TABLE)].length !== tables.size)
    throw new Error(`${commands} commands, ${shown} with output; ${tables.size} tables are made`)
  const printed = await replaced(page, COMMAND, async ({ args = '' }) => {
    const output = await archc(wordsOf(args))
    return `\`\`\`sh\narchc ${args}\n\`\`\`\n\n\`\`\`text\n${output}\`\`\``
  })
  return replaced(printed, TABLE, async ({ name = '' }) => {
    const table = tables.get(name)
    if (table === undefined) throw new Error(`the page wants a table that is not made: ${name}`)
    return `<!-- table: ${name} -->\n\n${await table(archc)}\n\n<!-- end -->`
  })
}

/** The words of a command, which needs no quotes; a backslash ends a line that goes on. */
const wordsOf = (args: string): readonly string[] => args.replaceAll('\\\n', ' ').trim().split(/\s+/)

async function replaced(
  text: string,
  pattern: RegExp,
  replacement: (groups: Readonly<Record<string, string>>) => Promise<string>,
): Promise<string> {
  const matches = [...text.matchAll(pattern)]
  const texts = await Promise.all(matches.map(({ groups = {} }) => replacement(groups)))
  let next = 0
  return text.replace(pattern, () => texts[next++] ?? '')
}
