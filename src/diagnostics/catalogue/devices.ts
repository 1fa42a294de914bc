import { entry } from '../entry.ts'

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

/** E10xx: device files and what is asked of a device. */
export const devices = {
  E1001: entry<{ reason: string }>({
    title: 'a device file is not JSON, or too large',
    message: ({ reason }) => `this device file cannot be read: ${reason}`,
  }),
  E1002: entry<{ where: string; wanted: string }>({
    title: 'a device file does not follow the schema',
    message: ({ where, wanted }) => `${where === '' ? 'the device file' : `\`${where}\``} ${wanted}`,
    help: () => '`specs/schemas/device.schema.json` states the form; `archc devices NAME --json` shows one',
  }),
  E1003: entry<{ where: string; source: string; known: readonly string[] }>({
    title: 'a figure cites an unknown source',
    message: ({ where, source }) => `\`${where}\` cites \`${source}\`, which \`sources\` does not have`,
    help: ({ known }) => `\`sources\` has ${quoted(known)}`,
  }),
  E1004: entry<{ name: string; nearest: string | undefined; known: readonly string[] }>({
    title: 'no such device',
    message: ({ name }) => `archc knows no device \`${name}\``,
    help: ({ nearest, known }) =>
      `${nearest === undefined ? '' : `did you mean \`${nearest}\`? `}known are ${quoted(known)}, and files: ./mine.json`,
  }),
  E1005: entry<{ device: string; type: string; isType: boolean; known: readonly string[] }>({
    title: 'a device has no rate for a data type',
    message: ({ device, type, isType }) =>
      isType ? `\`${device}\` has no rate for \`${type}\`` : `\`${type}\` is no data type`,
    help: ({ device, known }) => `\`${device}\` has rates for ${quoted(known)}`,
  }),
} as const
