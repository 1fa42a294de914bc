/** Writes docs/errors/README.md from the catalogue: `npx vitest run test/docs/errors.test.ts -u`. */
import { catalogue } from '../src/diagnostics/catalogue/index.ts'

const groups: readonly (readonly [prefix: string, title: string])[] = [
  ['E01', 'The text'],
  ['E02', 'Names and imports'],
  ['E03', 'Operators and shapes'],
  ['E04', 'Values, types and arguments'],
  ['E05', 'Networks, blocks, stages, slots, and limits'],
  ['E06', 'Weights and name maps'],
  ['E07', 'Images and arrays'],
  ['E08', 'Compiled models'],
  ['E09', 'Files and folders'],
  ['E10', 'Devices'],
  ['E11', 'Engines'],
  ['E12', 'Measurements'],
  ['E13', 'Analyses and budgets'],
  ['E14', 'Sweeps'],
]

/** The whole page: every error, grouped, with a link to its page. */
export const errorsIndex = (): string =>
  `${[introduction, ...groups.flatMap(([prefix, title]) => [`## ${title}`, rows(prefix)])].join('\n\n')}\n`

const introduction = `# Errors

Every error that archc reports, by its code. A code keeps its meaning. This page is generated from the catalogue
(\`src/diagnostics/catalogue\`), where the wording is.`

const rows = (prefix: string): string =>
  Object.entries(catalogue)
    .filter(([code]) => code.startsWith(prefix))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { title }]) => `- [${code}](${code}.md): ${title}`)
    .join('\n')
