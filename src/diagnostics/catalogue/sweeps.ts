import { entry } from '../entry.ts'

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

/** E14xx: sweeps over a design space. */
export const sweeps = {
  E1401: entry<{ reason: string }>({
    title: 'a dimension of a sweep that cannot be read',
    message: ({ reason }) => `\`--over\` cannot be read: ${reason}`,
    help: () =>
      'write a name and values: width=0.5..2:0.1, se.reduction=4,8,16, depths=[3, 4, 6, 3],[2, 2, 2, 2]',
  }),
  E1402: entry<{ text: string; reason: string }>({
    title: 'a range of a sweep that is none',
    message: ({ text, reason }) => `\`${text}\` is no range: ${reason}`,
    help: () => 'both ends belong to a range: 0.5..2:0.5 is 0.5, 1, 1.5 and 2',
  }),
  E1403: entry<{ points: number; limit: number }>({
    title: 'a sweep of too many points',
    message: ({ points, limit }) =>
      `${Number.isSafeInteger(points) ? points : points.toExponential(2)} points are more than ${limit}`,
    help: () => 'take larger steps or fewer dimensions, or draw some of the points with --sample',
  }),
  E1404: entry<{ name: string }>({
    title: 'a dimension of a sweep given twice',
    message: ({ name }) => `\`${name}\` is swept twice`,
    help: ({ name }) => `list all its values at once: ${name}=A,B,C`,
  }),
  E1405: entry<{ axis: string; text: string; wanted: string }>({
    title: 'an input size or a batch of a sweep that is none',
    message: ({ axis, text, wanted }) => `\`${axis}\` is ${wanted}, and not \`${text}\``,
  }),
  E1406: entry<{
    name: string
    reason: string | undefined
    nearest: string | undefined
    known: readonly string[]
  }>({
    title: 'objectives of a sweep that it cannot judge by',
    message: ({ name, reason }) =>
      reason === undefined ? `\`${name}\` is no value of a sweep` : `\`${name}\` cannot decide: ${reason}`,
    help: ({ nearest, reason, known }) =>
      nearest !== undefined && reason === undefined
        ? `did you mean \`${nearest}\`?`
        : `known are ${list(known)}`,
  }),
  E1407: entry<{ differing: readonly string[] }>({
    title: 'an unfinished sweep of something else',
    message: ({ differing }) =>
      `this is an unfinished sweep of something else: other ${differing.join(', ')}`,
    help: () => 'repeat the command that began it, or begin anew with --restart',
  }),
  E1408: entry<{ reason: string }>({
    title: 'an unfinished sweep that cannot be read',
    message: ({ reason }) => `this is no unfinished sweep: ${reason}`,
    help: () => 'begin anew with --restart, which replaces what a sweep wrote; move away what it did not',
  }),
  E1409: entry<object>({
    title: 'an unfinished sweep is in the way',
    message: () => 'a sweep that did not end has left its results here',
    help: () => '--resume goes on where it stopped, --restart begins anew',
  }),
  E1410: entry<{ points: number; code: string; message: string }>({
    title: 'a sweep without a single sound point',
    message: ({ points, code, message }) =>
      `none of the ${points} points is a network that can be built; the first: ${code}, ${message}`,
    help: () => '`archc check` with `--set` and the values of a point tells more',
  }),
} as const
