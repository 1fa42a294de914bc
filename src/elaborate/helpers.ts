import { float, int, isNumber, type Evaluated } from './values.ts'
import { spellings } from '../ir/ops/index.ts'

/** A compile-time function; it returns a value, or a sentence saying what it does not accept. */
interface HelperFunction {
  readonly signature: string
  readonly doc: string
  readonly call: (values: readonly Evaluated[]) => Evaluated | string
}

type Numbers = readonly { kind: 'int' | 'float'; value: number }[]

/** Wraps a function of numbers: `least` to `most` of them. */
const onNumbers =
  (least: number, most: number, apply: (numbers: Numbers) => Evaluated | string) =>
  (values: readonly Evaluated[]): Evaluated | string => {
    const numbers = values.filter(isNumber)
    if (numbers.length !== values.length) return 'takes numbers only'
    if (values.length < least || values.length > most)
      return `takes ${least === most ? '' : 'at least '}${least} number${least === 1 ? '' : 's'}`
    return apply(numbers)
  }

/** Numbers, or one list of numbers, as `min`, `max` and `sum` take them. */
const spread = (values: readonly Evaluated[]): readonly Evaluated[] =>
  values.length === 1 && values[0]?.kind === 'list' ? values[0].items : values

const sameKind = (numbers: Numbers, value: number): Evaluated =>
  numbers.every(({ kind }) => kind === 'int') ? int(value) : float(value)

const rounding = (doc: string, round: (value: number) => number): HelperFunction => ({
  signature: '(v: float) -> int',
  doc,
  call: onNumbers(1, 1, ([v]) => int(round(v?.value ?? 0))),
})

const extreme = (doc: string, pick: (...values: number[]) => number): HelperFunction => ({
  signature: '(a, b, ...) or (list)',
  doc,
  call: (values) =>
    onNumbers(1, Infinity, (numbers) => sameKind(numbers, pick(...numbers.map(({ value }) => value))))(
      spread(values),
    ),
})

/** The nearest integer, halves to the even one, as Python's `round` does: papers' code relies on it. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

/**
 * `make_divisible` of the MobileNet line: the nearest multiple, at least `multiple`, never more than 10 % below
 * `v` (github.com/tensorflow/models, slim/nets/mobilenet).
 */
function roundTo(v: number, multiple: number): number {
  const rounded = Math.max(multiple, Math.floor((v + multiple / 2) / multiple) * multiple)
  return rounded < 0.9 * v ? rounded + multiple : rounded
}

function length(values: readonly Evaluated[]): Evaluated | string {
  const [list] = values
  return values.length === 1 && list?.kind === 'list' ? int(list.items.length) : 'takes one list'
}

const sum = (values: readonly Evaluated[]): Evaluated | string =>
  onNumbers(0, Infinity, (numbers) =>
    sameKind(
      numbers,
      numbers.reduce((total, { value }) => total + value, 0),
    ),
  )(spread(values))

/** A function of one real number, of those that `accepts` says. */
const real = (
  doc: string,
  apply: (value: number) => number,
  accepts: { test: (value: number) => boolean; otherwise: string } = anyNumber,
): HelperFunction => ({
  signature: '(v) -> float',
  doc,
  call: onNumbers(1, 1, ([v]) =>
    accepts.test(v?.value ?? 0) ? float(apply(v?.value ?? 0)) : accepts.otherwise,
  ),
})

const anyNumber = { test: () => true, otherwise: '' }
const notNegative = { test: (value: number) => value >= 0, otherwise: 'takes no negative number' }
const positive = { test: (value: number) => value > 0, otherwise: 'takes a positive number only' }

/** An int to the power of an int that is not negative stays an int. */
function power([base, exponent]: Numbers): Evaluated {
  const value = Math.pow(base?.value ?? 0, exponent?.value ?? 0)
  const isInt = base?.kind === 'int' && exponent?.kind === 'int' && exponent.value >= 0
  return isInt ? int(value) : float(value)
}

export const helpers: ReadonlyMap<string, HelperFunction> = new Map<string, HelperFunction>([
  ['int', rounding('drops the fraction', Math.trunc)],
  ['round', rounding('the nearest integer; halves go to the even one, as in Python', roundHalfEven)],
  ['floor', rounding('the integer at or below', Math.floor)],
  ['ceil', rounding('the integer at or above', Math.ceil)],
  ['float', real('the same number as a float', (value) => value)],
  ['sqrt', real('the square root', Math.sqrt, notNegative)],
  ['exp', real('e to the power of v', Math.exp)],
  ['log', real('the natural logarithm', Math.log, positive)],
  ['log2', real('the logarithm to base 2', Math.log2, positive)],
  [
    'pow',
    { signature: '(base, exponent)', doc: 'base to the power of exponent', call: onNumbers(2, 2, power) },
  ],
  [
    'abs',
    {
      signature: '(v)',
      doc: 'the absolute value',
      call: onNumbers(1, 1, (v) => sameKind(v, Math.abs(v[0]?.value ?? 0))),
    },
  ],
  ['min', extreme('the smallest', Math.min)],
  ['max', extreme('the largest', Math.max)],
  ['sum', { signature: '(list)', doc: 'the sum of a list', call: sum }],
  ['len', { signature: '(list) -> int', doc: 'how many items a list has', call: length }],
  [
    'round_to',
    {
      signature: '(v: float, multiple: int) -> int',
      doc: 'rounds channels to a multiple, never more than 10 % down (make_divisible)',
      call: onNumbers(2, 2, ([v, m]) =>
        m?.kind === 'int' && m.value > 0
          ? int(roundTo(v?.value ?? 0, m.value))
          : 'the multiple must be a positive int',
      ),
    },
  ],
])

/** Every name that `.arch` source may use without declaring or importing it. */
export const builtinNames: ReadonlySet<string> = new Set([...spellings.keys(), ...helpers.keys(), 'none'])

/** What a name is that no file declares: `none` is an operator too, which does nothing. */
export const builtinKind = (name: string): 'operator' | 'function' | undefined =>
  helpers.has(name) ? 'function' : builtinNames.has(name) ? 'operator' : undefined
