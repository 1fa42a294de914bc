import { plainPaint, type Paint } from '../paint.ts'
import { widthOf } from '../table.ts'
import { wrapped } from '../wrapped.ts'
import type { Fact, Section } from './fact.ts'

const INDENT = '  '
const GAP = '  '
/** Notes narrower than this stand on lines of their own. */
const NARROWEST_NOTE = 26

interface Widths {
  readonly label: number
  readonly number: number
  readonly unit: number
  /** Of the terminal. */
  readonly all: number
}

/** Sections below each other, all on one grid: labels at the left, numbers at the right, notes wrapped. */
export function factsText(
  sections: readonly Section[],
  width: number,
  paint: Paint = plainPaint,
): string[][] {
  const facts = sections.flatMap((section) => section.facts)
  const widest = (of: (fact: Fact) => string): number =>
    facts.reduce((most, fact) => Math.max(most, widthOf(of(fact))), 0)
  const widths = {
    label: widest(({ label }) => label),
    number: widest(({ number }) => number),
    unit: widest(({ unit }) => unit),
    all: width,
  }
  return sections.map((section) => [
    ...wrapped(section.title, width).map((line) => paint('heading', line)),
    ...section.facts.flatMap((fact) => factLines(fact, widths, paint)),
  ])
}

function factLines({ label, number, unit, note, style }: Fact, widths: Widths, paint: Paint): string[] {
  const space = (text: string, width: number): string => ' '.repeat(width - widthOf(text))
  const head =
    INDENT +
    paint(style, label) +
    space(label, widths.label) +
    GAP +
    space(number, widths.number) +
    paint(style ?? 'large', number) +
    (unit === '' && note === '' ? '' : ` ${unit}${space(unit, widths.unit)}`)
  const indent = INDENT.length + widths.label + GAP.length + widths.number + 1 + widths.unit + GAP.length
  if (note === '') return [head.trimEnd()]
  const room = widths.all - indent
  if (room < NARROWEST_NOTE) return [head.trimEnd(), ...below(note, 2 * INDENT.length, widths.all)]
  const [first = '', ...rest] = wrapped(note, room)
  return [`${head}${GAP}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)]
}

const below = (note: string, indent: number, width: number): string[] =>
  wrapped(note, width - indent).map((line) => ' '.repeat(indent) + line)
