import { activationNames, activationOf } from '../../../src/ir/ops/activations.ts'
import type { Random } from '../random.ts'

/** What names stand for where an expression is written, so that expressions of a known value can use them. */
export interface Known {
  readonly ints: ReadonlyMap<string, number>
  readonly floats: ReadonlyMap<string, number>
  readonly bools: ReadonlyMap<string, boolean>
}

export const nothingKnown: Known = { ints: new Map(), floats: new Map(), bools: new Map() }

const namesOf = <T>(values: ReadonlyMap<string, T>, wanted: T): string[] =>
  [...values].filter(([, value]) => value === wanted).map(([name]) => name)

/** An expression of type int that has this value. */
export function intText(random: Random, value: number, known: Known = nothingKnown, depth = 0): string {
  const names = namesOf(known.ints, value)
  if (names.length > 0 && random.chance(0.5)) return random.pick(names)
  if (depth >= 3 || random.chance(0.6 + 0.1 * depth)) return literal(random, value)
  const int = (part: number): string => intText(random, part, known, depth + 1)
  const forms: (() => string)[] = [
    () => `(${int(value - 3)} + ${int(3)})`,
    () => `(${int(value + 2)} - ${int(2)})`,
    () => `(${int(3 * value)} // ${int(3)})`,
    () => `(${int(2 * value)} / 2)`,
    () => `(if ${boolText(random, true, known, depth + 1)} { ${int(value)} } else { ${int(7)} })`,
    () => `[${int(1)}, ${int(value)}, ${int(9)}][${int(1)}]`,
    () => `max(${int(value)}, ${int(value - random.int(0, 9))})`,
    () => `min([${int(value)}, ${int(value + random.int(0, 9))}])`,
    () => `sum([${int(value - 1)}, 1])`,
    () => `(-${int(-value)})`,
    () => `round(${value}.25)`,
  ]
  if (value >= 0)
    forms.push(
      () => `abs(${int(-value)})`,
      () => `int(${value}.75)`,
      () => `floor(${value}.5)`,
      () => `((${value} + ${value + 1}) % ${value + 1})`,
    )
  if (value >= 1) forms.push(() => `ceil(${value - 1}.5)`)
  if (value >= 1 && value % 8 === 0) forms.push(() => `round_to(${value}.0, 8)`)
  if (value > 0 && value % 2 === 0) forms.push(() => `(${int(value / 2)} * ${int(2)})`)
  if (value >= 1 && value <= 8)
    forms.push(
      () => `len([for e in 0..${value}: e])`,
      () => `len([for e in 0..${2 * value} if e % 2 == 0: 2 * e])`,
      () => `sum([for e in [${Array(value).fill('1').join(', ')}]: e])`,
    )
  if (value >= 1 && Number.isInteger(Math.log2(value))) forms.push(() => `pow(2, ${Math.log2(value)})`)
  return random.pick(forms)()
}

const literal = (random: Random, value: number): string =>
  value >= 1000 && random.chance(0.3)
    ? `${Math.floor(value / 1000)}_${String(value % 1000).padStart(3, '0')}`
    : String(value)

export function boolText(random: Random, value: boolean, known: Known = nothingKnown, depth = 0): string {
  const names = namesOf(known.bools, value)
  if (names.length > 0 && random.chance(0.5)) return random.pick(names)
  if (depth >= 3 || random.chance(0.4)) return String(value)
  const bool = (part: boolean): string => boolText(random, part, known, depth + 1)
  const [a, b] = [random.int(0, 20), random.int(0, 20)]
  const comparisons: [string, boolean][] = [
    ['==', a === b],
    ['!=', a !== b],
    ['<', a < b],
    ['<=', a <= b],
    ['>', a > b],
    ['>=', a >= b],
  ]
  const fitting = comparisons.filter(([, holds]) => holds === value).map(([operator]) => operator)
  return random.pick([
    () => `not ${value ? 'false' : 'true'}`,
    () => `(${bool(value)} and ${value ? bool(true) : bool(random.chance(0.5))})`,
    () => `(${bool(value)} or ${value ? bool(random.chance(0.5)) : bool(false)})`,
    () =>
      `(${intText(random, a, known, depth + 1)} ${random.pick(fitting)} ${intText(random, b, known, depth + 1)})`,
    () => `("same" ${value ? '==' : '!='} "same")`,
  ])()
}

/** An expression of type float that has about this value. */
export function floatText(random: Random, value: number, known: Known = nothingKnown): string {
  const names = namesOf(known.floats, value)
  if (names.length > 0 && random.chance(0.5)) return random.pick(names)
  const plain = value.toString().includes('e') || !Number.isInteger(value) ? String(value) : value.toFixed(1)
  if (random.chance(0.7)) return plain
  return random.pick([
    `(${plain} * 1.0)`,
    `(${plain} + 0.0)`,
    `float(${plain})`,
    `abs(${plain})`,
    `max(${plain}, 0.0)`,
    `(${plain} / 1)`,
    `sqrt(${plain} * ${plain})`,
    `[0.5, ${plain}][1]`,
  ])
}

/** `3` or `[3, 3]`. */
export const sizeText = (random: Random, height: number, width: number, known?: Known): string =>
  height === width && random.chance(0.7)
    ? intText(random, height, known)
    : `[${intText(random, height, known)}, ${intText(random, width, known)}]`

/** Every activation, and those that take a number with one as well. */
export const activations: readonly string[] = activationNames.flatMap((name) => {
  const { parameter } = activationOf(name)
  return parameter === undefined ? [name] : [`${name}(${parameter.example})`, name]
})
