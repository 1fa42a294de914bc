import { conventionNamed } from '../../analysis/conventions/index.ts'
import { summarize } from '../../analysis/conventions/summary.ts'
import { readClaim } from '../../analysis/reconcile/claim.ts'
import { reconcile, usualSides, type Sized } from '../../analysis/reconcile/reconcile.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { conventionJson, conventionText } from '../../report/conventions.ts'
import { reconcileJson, reconcileText } from '../../report/reconcile.ts'
import { UsageError } from '../exit.ts'
import { appearance, type Appearance } from '../terminal.ts'
import { deliver, formatOf, type FormatOptions } from './formats.ts'

export interface CountingOptions extends FormatOptions {
  readonly convention?: string
  readonly reconcile?: string
}

/** A network, and how to get it at another size of picture. */
export interface Resizable {
  readonly graph: Graph
  readonly atSide: (side: number) => Graph
}

/** What another counter, or the author of a figure, would have counted. Asks for text or JSON. */
export async function writeCounting(network: Resizable, options: CountingOptions): Promise<void> {
  const report = options.reconcile === undefined ? convention(network, options) : claim(network, options)
  const format = formatOf(options)
  if (format === 'json') return deliver(JSON.stringify(report.json(), undefined, 2), options)
  if (format === 'text') return deliver(report.text(appearance(options.output)), options)
  throw new UsageError(`with --convention and --reconcile the report is text or json, and not ${format}`)
}

interface Report {
  readonly text: (options: Appearance) => string
  readonly json: () => unknown
}

function convention({ graph }: Resizable, { convention: name = '' }: CountingOptions): Report {
  const found = conventionNamed(name, graph)
  if (found === undefined)
    throw new UsageError(`no convention of ${graph.name} is known to be called ${name}`)
  const summary = summarize(graph, found)
  return { text: (options) => conventionText(summary, options), json: () => conventionJson(summary) }
}

function claim({ graph, atSide }: Resizable, { reconcile: text = '' }: CountingOptions): Report {
  const claimed = readClaim(text)
  if (claimed === undefined)
    throw new UsageError(`--reconcile takes a figure as papers print it, e.g. 4.09G, and not '${text}'`)
  const own = sized(graph)
  const found = reconcile(own, claimed, otherSizes(own, atSide))
  return { text: (options) => reconcileText(found, options), json: () => reconcileJson(found) }
}

const sized = (graph: Graph): Sized => ({ input: inputShape(graph), graph })

/** The network at the sizes that papers use. Not every network takes every size. */
function otherSizes({ input }: Sized, atSide: (side: number) => Graph): readonly Sized[] {
  return usualSides
    .filter((side) => input.slice(1).some((own) => own !== side))
    .flatMap((side) => {
      try {
        return [sized(atSide(side))]
      } catch (error) {
        if (error instanceof DiagnosticError) return []
        throw error
      }
    })
}
