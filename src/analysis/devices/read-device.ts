import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { checkForm } from './device-form.ts'
import type { Device, Figure } from './device.ts'

/** Characters; the files that come with archc have less than 10,000. */
export const DEVICE_TEXT_LIMIT = 256 * 1024
/** More would hide the first ones. */
const MOST_PROBLEMS = 20

/**
 * Reads a device file (`specs/schemas/device.schema.json`).
 * @param path how diagnostics name the file
 * @throws DiagnosticError E1001, or every E1002 and E1003 (the first 20)
 */
export async function readDevice(text: string, path: string): Promise<Device> {
  const { device, problems } = await checkForm(parseJson(text, path))
  if (device === undefined) return fail(problems.map((problem) => diagnose('E1002', { path }, problem)))
  const contradictions = contradictionsOf(device, path)
  return contradictions.length > 0 ? fail(contradictions) : device
}

/**
 * A device file that comes with archc: a test has validated it, so that no command waits for a validator.
 * @param text of `specs/devices/NAME.json`
 */
export const trustedDevice = (text: string): Device => JSON.parse(text) as Device

function parseJson(text: string, path: string): unknown {
  if (text.length > DEVICE_TEXT_LIMIT)
    return refuse(path, `it has ${text.length} characters, and ${DEVICE_TEXT_LIMIT} are the most`)
  try {
    return JSON.parse(text)
  } catch (error) {
    return refuse(path, error instanceof SyntaxError ? error.message : 'it cannot be parsed')
  }
}

const refuse = (path: string, reason: string): never => fail([diagnose('E1001', { path }, { reason })])

function fail(problems: readonly Diagnostic[]): never {
  throw new DiagnosticError(problems.slice(0, MOST_PROBLEMS))
}

/** What the form alone does not say. */
function contradictionsOf(device: Device, path: string): readonly Diagnostic[] {
  const known = Object.keys(device.sources)
  const uncited = figuresOf(device)
    .filter(([, { source }]) => !known.includes(source))
    .map(([where, { source }]) => diagnose('E1003', { path }, { where, source, known }))
  if (device.reserved.value < device.memory.value) return uncited
  const facts = { where: 'reserved.value', wanted: 'must be less than memory.value' }
  return [...uncited, diagnose('E1002', { path }, facts)]
}

/** All figures of a device with their places in the file, in the order of the file. */
export function figuresOf(device: Device): readonly (readonly [where: string, figure: Figure])[] {
  const { memory, reserved, bandwidth, cache, launch, rates } = device
  const ofRates = Object.entries(rates).flatMap(([type, units]) =>
    Object.entries(units).map(([unit, figure]) => [`rates.${type}.${unit}`, figure] as const),
  )
  return [...Object.entries({ memory, reserved, bandwidth, cache, launch }), ...ofRates]
}
