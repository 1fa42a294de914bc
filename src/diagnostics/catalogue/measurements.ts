import { entry } from '../entry.ts'

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
const sample = 'network,layout,image_size,batch,images_per_s'

/** E12xx: tables of measured throughput, and what is fitted to them. */
export const measurements = {
  E1201: entry<object>({
    title: 'a table of measurements is empty',
    message: () => 'this table has no measurements',
    help: () => `a table is a header and a row for each measurement: \`${sample}\``,
  }),
  E1202: entry<{ missing: readonly string[]; required: readonly string[] }>({
    title: 'a table of measurements lacks a column',
    message: ({ missing }) =>
      `the table lacks the ${missing.length === 1 ? 'column' : 'columns'} ${quoted(missing)}`,
    help: ({ required }) => `wanted are ${quoted(required)}, in any order; others are not looked at`,
  }),
  E1203: entry<{ column: string; text: string; wanted: string }>({
    title: 'a measurement is not a number, or an impossible one',
    message: ({ column, text, wanted }) => `\`${column}\` is ${wanted}, and not \`${text}\``,
  }),
  E1204: entry<{ has: number; wanted: number }>({
    title: 'a row has not as many fields as the header',
    message: ({ has, wanted }) =>
      `this row has ${has} ${has === 1 ? 'field' : 'fields'}, and the header ${wanted}`,
    help: () => 'put a field that holds a comma in quotes, and write no commas into numbers',
  }),
  E1205: entry<object>({
    title: 'a quote in a table is not closed',
    message: () => 'this quote is not closed before the line ends',
    help: () => 'close it; a quote within a quoted field is written twice',
  }),
  E1206: entry<{ limit: number }>({
    title: 'a table of measurements is too long',
    message: ({ limit }) => `the table has more than ${limit} rows`,
  }),
  E1207: entry<{ text: string }>({
    title: 'an unknown layout in a table of measurements',
    message: ({ text }) => `\`layout\` is \`nhwc\` (channels last) or \`nchw\`, and not \`${text}\``,
  }),
  E1208: entry<object>({
    title: 'a measurement names no network',
    message: () => 'this row names no network',
  }),
  E1209: entry<{ name: string; reason: string }>({
    title: 'the network of a measurement cannot be built',
    message: ({ name, reason }) => `\`${name}\` cannot be built: ${reason}`,
    help: () => '`archc networks` lists the built-in networks; the path of an .arch file will do, too',
  }),
  E1210: entry<{ layout: string; rows: number; families: number; wanted: number }>({
    title: 'too few measurements to fit',
    message: ({ layout, rows, families, wanted }) =>
      `${rows} ${layout} rows of ${families} ${families === 1 ? 'family' : 'families'} do not decide ${wanted} parameters`,
    help: ({ wanted }) =>
      `measure at least ${wanted} networks of two families; a family is held out to see what the rest is worth`,
  }),
  E1211: entry<{ layout: string; rows: number; fault: 'size' | 'order' }>({
    title: 'measurements that no fit explains',
    message: ({ layout, rows, fault }) =>
      fault === 'order'
        ? `these ${rows} ${layout} rows have no order: all times, measured or predicted, are the same`
        : `no fit comes near these ${rows} ${layout} rows: predictions are off by more than a factor of a million`,
    help: () => 'look whether `images_per_s` is images a second, and `--device` what was measured',
  }),
  E1212: entry<{ limit: number }>({
    title: 'a table of measurements names too many networks',
    message: ({ limit }) =>
      `here the table names more than ${limit} different networks and sizes of image, each of which has to be built`,
    help: () =>
      'leave rows out: a fit needs some ten networks of two families, and gains little beyond a hundred',
  }),
} as const
