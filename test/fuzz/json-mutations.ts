import type { Random } from './random.ts'

type Json = unknown
type Container = Record<string | number, Json>

const isContainer = (value: Json): value is Container => typeof value === 'object' && value !== null

const oddValues: readonly ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => '',
  () => 'relu',
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e300,
  () => -0,
  () => 2 ** 53,
  () => 2 ** 40,
  () => [],
  () => ({}),
  () => [[]],
  () => [1, 2, 3],
  (random) => random.int(0, 200),
  (random) => random.skewed(1, 1_000_000),
  (random) => 'a'.repeat(random.skewed(1, 20_000)),
  (random) => `a${'.b'.repeat(random.skewed(1, 20_000))}`,
  (random) => Array<number>(random.skewed(1, 2000)).fill(random.int(0, 3)),
  () => '\u202e\u001b[31m\0',
  () => '\ud800',
  () => '__proto__',
  () => 'toString',
]

/** Every object and list of the document with the way to it, in the order of the document. */
function containersOf(value: Json): Container[] {
  const found: Container[] = []
  const waiting: Json[] = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isContainer(next)) continue
    found.push(next)
    waiting.push(...Object.values(next))
  }
  return found
}

type Change = (container: Container, key: string, random: Random, all: readonly Container[]) => void

const changes: Readonly<Record<string, Change>> = {
  replace: (container, key, random) => (container[key] = random.pick(oddValues)(random)),
  increment: (container, key, random) => {
    const value = container[key]
    if (typeof value === 'number') container[key] = value + random.pick([-2, -1, 1, 2, 0.5, 1000])
  },
  remove: (container, key) => {
    if (Array.isArray(container)) container.splice(Number(key), 1)
    else Reflect.deleteProperty(container, key)
  },
  duplicate: (container, key) => {
    if (Array.isArray(container)) container.splice(Number(key), 0, structuredClone(container[key]))
    else container[`${key}_`] = container[key]
  },
  swap: (container, key, random) => {
    const other = random.pick(Object.keys(container))
    ;[container[key], container[other]] = [container[other], container[key]]
  },
  rename: (container, key, random) => {
    // An array whose `constructor` is something else could not be changed any further.
    if (Array.isArray(container)) return
    const value = container[key]
    Reflect.deleteProperty(container, key)
    container[random.pick(['constructor', 'x', key.toUpperCase(), `${key} `, ''])] = value
  },
  copyElsewhere: (container, key, random, all) => {
    const other = random.pick(all)
    const [from] = Object.keys(other)
    if (from !== undefined) container[key] = structuredClone(other[from])
  },
  repeat: (container, key, random) => {
    if (!Array.isArray(container)) return
    const item: Json = container[key]
    for (let left = random.skewed(1, 500); left > 0; left--) container.push(structuredClone(item))
  },
  wrap: (container, key, random) =>
    (container[key] = random.chance(0.5) ? [container[key]] : { a: container[key] }),
}

/** Changes the meaning of a document here and there, mostly in one place. */
export function changeJson(document: Json, random: Random): { value: Json; names: string[] } {
  const names: string[] = []
  for (let left = random.chance(0.7) ? 1 : random.skewed(1, 5); left > 0; left--) {
    const all = containersOf(document).filter((container) => Object.keys(container).length > 0)
    if (all.length === 0) break
    const container = random.pick(all)
    const name = random.pick(Object.keys(changes))
    changes[name]?.(container, random.pick(Object.keys(container)), random, all)
    names.push(name)
  }
  return { value: document, names }
}

const damages: Readonly<Record<string, (text: string, random: Random) => string>> = {
  truncate: (text, random) => text.slice(0, random.int(0, text.length)),
  flipBits: (text, random) => {
    const units = text.split('')
    for (let left = random.skewed(1, 8); left > 0; left--) {
      const at = random.int(0, units.length - 1)
      units[at] = String.fromCharCode((units[at] ?? '').charCodeAt(0) ^ (1 << random.int(0, 6)))
    }
    return units.join('')
  },
  digit: (text, random) => {
    const places = [...text.matchAll(/\d/g)]
    if (places.length === 0) return text
    const { index } = random.pick(places)
    return (
      text.slice(0, index) + random.pick(['9', '0', '-', '99999999', '1e9', '.5', '']) + text.slice(index + 1)
    )
  },
  deepen: (text, random) => {
    const depth = random.skewed(10, 200_000)
    const [open, close] = random.pick([['[', ']'] as const, ['{"a":', '}'] as const])
    const at = /[[{:,]/g
    at.lastIndex = random.int(0, text.length)
    const place = (at.exec(text)?.index ?? 0) + 1
    return text.slice(0, place) + open.repeat(depth) + '1' + close.repeat(depth) + text.slice(place)
  },
  doubleKey: (text, random) => {
    const places = [...text.matchAll(/"(\w+)":/g)]
    if (places.length === 0) return text
    const { index, 0: key } = random.pick(places)
    return `${text.slice(0, index)}${key}1,${text.slice(index)}`
  },
  prototype: (text, random) =>
    text.replace(/"(\w+)":/, () => random.pick(['"__proto__":', '"constructor":', '"toString":'])),
  wrap: (text, random) =>
    random.pick([
      `[${text}]`,
      `"${text}"`,
      `${text}${text}`,
      `\ufeff${text}`,
      '',
      'null',
      '1',
      '"a"',
      '[]',
      '{}',
    ]),
  cutOut: (text, random) => {
    const at = random.int(0, text.length)
    return text.slice(0, at) + text.slice(at + random.skewed(1, 200))
  },
}

/** Damages a text that was JSON, so that mostly it is none any more. */
export function damageText(text: string, random: Random): { text: string; name: string } {
  const name = random.pick(Object.keys(damages))
  return { text: damages[name]?.(text, random) ?? text, name }
}
