import { entry } from '../entry.ts'

/** A place in a JSON document, as RFC 6901 writes it. */
export interface At {
  readonly pointer: string
}

const at = ({ pointer }: At): string => `at \`${pointer === '' ? '/' : pointer}\`: `

const uses = {
  unknown: 'which the graph does not have',
  early: 'before it is defined',
  parameter: 'which is a parameter, as a tensor',
  tensor: 'which is no parameter, as a parameter',
} as const

const size = (shape: readonly number[]): string => shape.join(' x ')

/** E08xx: compiled models and the JSON of the IR. */
export const models = {
  E0801: entry<{ reason: string }>({
    title: 'not JSON',
    message: ({ reason }) => `this is not JSON: ${reason}`,
  }),
  E0802: entry<{ found: string; known: number }>({
    title: 'another version of the format',
    message: ({ found, known }) =>
      `the graph's format (\`archc_ir\`) is ${found}, and this archc reads ${known}`,
    help: () => 'compile the network again with this archc',
  }),
  E0803: entry<At & { fault: string }>({
    title: 'not of the form that the schema states',
    message: ({ fault, ...place }) => `${at(place)}${fault}`,
  }),
  E0804: entry<At & { what: string; amount: number; limit: number }>({
    title: 'a graph too large',
    message: ({ what, amount, limit, ...place }) =>
      `${at(place)}${what} of ${amount} passes the limit of ${limit}`,
  }),
  E0805: entry<At & { value: number; use: keyof typeof uses }>({
    title: 'a value used where it cannot be',
    message: ({ value, use, ...place }) => `${at(place)}this uses value ${value}, ${uses[use]}`,
  }),
  E0806: entry<At & { value: number; times: 'twice' | 'never' }>({
    title: 'a value not defined exactly once',
    message: ({ value, times, ...place }) => `${at(place)}value ${value} is ${times} defined`,
  }),
  E0807: entry<At & { value: number; index: number }>({
    title: 'a value under another number than its place',
    message: ({ value, index, ...place }) => `${at(place)}value ${index} of the list calls itself ${value}`,
  }),
  E0808: entry<At & { op: string; path: string; rule: string; fault: string }>({
    title: 'an operator against its rules',
    message: ({ op, path, rule, fault, ...place }) =>
      `${at(place)}\`${path}\` (${op}) breaks the rule ${rule}: ${fault}`,
  }),
  E0809: entry<At & { op: string; path: string; found: number; wanted: number }>({
    title: 'an operator with another number of results',
    message: ({ op, path, found, wanted, ...place }) =>
      `${at(place)}\`${path}\` (${op}) has ${found} outputs, and it computes ${wanted}`,
  }),
  E0810: entry<At & { what: string; found: readonly number[]; wanted: readonly number[] }>({
    title: 'a shape that the operator does not give',
    message: ({ what, found, wanted, ...place }) =>
      `${at(place)}${what} is said to be ${size(found)}, and the operator makes it ${size(wanted)}`,
  }),
  E0811: entry<At & { path: string; role: string; fault: 'missing' | 'unwanted' | 'misnamed' | 'trainable' }>(
    {
      title: 'parameters other than the operator has',
      message: ({ path, role, fault, ...place }) => at(place) + parameterFaults[fault](path, role),
    },
  ),
  E0812: entry<At & { what: string; name: string }>({
    title: 'two of one name',
    message: ({ what, name, ...place }) => `${at(place)}another ${what} is called \`${name}\` too`,
  }),
  E0813: entry<At & { part: string }>({
    title: 'an unknown part',
    message: ({ part, ...place }) => `${at(place)}the graph has no part \`${part}\``,
  }),
  E0814: entry<At & { name: string }>({
    title: 'a parameter that nothing uses',
    message: ({ name, ...place }) => `${at(place)}no operator uses \`${name}\`, directly or derived`,
  }),
  E0815: entry<At & { operation: string; fault: string }>({
    title: 'a derived parameter against its rules',
    message: ({ operation, fault, ...place }) => `${at(place)}\`${operation}\` ${fault}`,
  }),
  E0816: entry<{ network: string; dtype: string }>({
    title: 'a dtype that is not carried out',
    message: ({ network, dtype }) =>
      `\`${network}\` holds tensors of ${dtype}, and graphs of float32 alone can be analysed or run`,
    help: () => 'let the graph hold float32; an engine is told its types by `--precision`',
  }),
} as const

const parameterFaults = {
  missing: (path: string, role: string) => `\`${path}\` needs a parameter \`${role}\``,
  unwanted: (path: string, role: string) => `\`${path}\` has no parameter \`${role}\``,
  misnamed: (path: string, role: string) =>
    `the ${role} of \`${path}\` must be of that role, and have a name that ends in \`.${role}\``,
  trainable: (path: string, role: string) =>
    `the ${role} of \`${path}\` is trainable, or not, against its operator`,
} as const
