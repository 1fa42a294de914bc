import type { Analysis, MemoryAnalysis } from '../../analysis/analysis.ts'
import { printable } from '../../diagnostics/printable.ts'
import { exact, joined, memoryQuantity, NOTHING } from '../units.ts'
import type { Fact, Section } from './fact.ts'

/** The most that is held, of what, and how many images would fit. */
export function memorySection({ memory, run, layers }: Analysis): Section {
  const layer = layers[memory.peak_layer]
  const where = layer === undefined ? 'before the first operator' : `at ${printable(layer.path)}`
  const parts = partsText(memory)
  return {
    title: run.engine === 'eager' ? 'Memory' : 'Memory, as eager PyTorch holds it',
    facts: [
      {
        label: 'peak',
        ...memoryQuantity(memory.peak),
        note: parts === '' ? where : `${where}: ${parts}`,
      },
      ...roomFact(memory, run.batch),
    ],
  }
}

/** Parts of the peak below this are told together. */
const SMALL = 0.005

function partsText({ peak, parts }: MemoryAnalysis): string {
  const large = parts.filter(({ bytes }) => bytes >= SMALL * peak)
  const rest = parts.reduce((sum, { bytes }) => sum + (bytes < SMALL * peak ? bytes : 0), 0)
  const texts = large.map(({ name, bytes }) => `${name} ${amount(bytes)}`)
  return [...texts, ...(rest === 0 ? [] : [`others ${amount(rest)}`])].join(', ')
}

function roomFact({ device }: MemoryAnalysis, batch: number): Fact[] {
  if (device === undefined) return []
  const { bytes, reserved, largest_batch: largest } = device
  const room = `${amount(bytes)}${reserved === 0 ? '' : ` (${amount(reserved)} of it reserved)`}`
  const fact = { label: 'largest batch', number: exact(largest), unit: '' }
  // What grows with no image fits in any number.
  if (largest === Number.MAX_SAFE_INTEGER)
    return [{ ...fact, number: NOTHING, note: `any number of images fits into ${room}` }]
  if (largest >= batch) return [{ ...fact, note: `that fits into ${room}` }]
  const which = largest === 0 ? 'not one image fits' : `the batch of ${exact(batch)} does not fit`
  return [{ ...fact, note: `${which} into ${room}`, style: 'warning' }]
}

const amount = (bytes: number): string => joined(memoryQuantity(bytes))
