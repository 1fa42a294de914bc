import { type Diagnostic, DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { noteDiagnostics } from '../report-failure.ts'
import type { Analysis } from '../../analysis/analysis.ts'
import { MEASURED_TEXT_LIMIT, readMeasured } from '../../analysis/calibration/measured.ts'
import { compare, type Comparison } from '../../analysis/compare.ts'
import { printable } from '../../diagnostics/printable.ts'
import { compareCsv, compareJson, compareMarkdown, compareText } from '../../report/compare.ts'
import { readTextInput } from '../../host/file-system.ts'
import { UsageError, AlreadyReported } from '../exit.ts'
import { appearance, note, type Appearance, print, printJsonText, printPage } from '../terminal.ts'
import { conventionNamed, conventionNames } from '../../analysis/conventions/index.ts'
import { summarizeConvention } from '../../analysis/conventions/count.ts'
import { readClaim, reconcile, usualSides, type Sized } from '../../analysis/reconcile/reconcile.ts'
import { type Graph, inputShape } from '../../ir/graph.ts'
import { conventionJson, conventionText } from '../../report/conventions.ts'
import { reconcileJson, reconcileText } from '../../report/reconcile.ts'
import { githubAnnotation } from '../../diagnostics/github.ts'
import { analysisCsv } from '../../report/csv.ts'
import { analysisJson } from '../../report/json.ts'
import { analysisMarkdown } from '../../report/markdown.ts'
import { measureNamed, measureOf, measuresWith, type MeasureUnit } from '../../analysis/measures.ts'
import { type SortKey, sortKeys } from '../../report/tables.ts'
import { analysisText } from '../../report/text.ts'
import { writeOutput } from '../write-output.ts'
import { Option, type Command } from 'commander'
import { analyze } from '../../analysis/analyze.ts'
import { exceeded, type Budgets } from '../../analysis/budgets.ts'
import { findSpec } from '../../host/spec.ts'
import { addAnalysisOptions, NO_DEVICE, requesterOf, type AnalysisOptions } from '../analysis-options.ts'
import { afterPasses, networkAndWarnings, loadNetwork } from '../load-network.ts'
import {
  addNetworkOptions,
  addPassOption,
  TARGET_HELP,
  type NetworkOptions,
  type PassOptions,
  parseBytes,
  parseCount,
  parseDuration,
  parseEnergy,
} from '../options.ts'

/** Annotations are the whole report; with any other format the faults follow it, on stderr. */
function reportBudgets(faults: readonly Diagnostic[], options: FormatOptions): void {
  if (formatOf(options).faults === undefined) noteDiagnostics(faults)
}

interface ComparedNetwork {
  readonly name: string
  readonly analysis: Analysis
}

/** Several networks side by side, and beside what was measured of them. */
async function writeComparison(
  networks: readonly ComparedNetwork[],
  measured: string | undefined,
  options: FormatOptions,
): Promise<void> {
  const render = formatOf(options).comparison
  if (render === undefined) throw notOffered('a comparison is', 'comparison', options)
  const rows = measured === undefined ? [] : readMeasured(measuredText(measured), measured)
  const comparison = compare(networks, rows)
  if (measured !== undefined && !comparison.networks.some((one) => one.measured !== undefined))
    note(
      `note: ${printable(measured)} has no row of these networks at their size in ${comparison.run.layout}`,
    )
  await deliver(await render(comparison, options), options)
}

const measuredText = (file: string): string =>
  readTextInput({ file, wanted: 'a table of measurements', limit: MEASURED_TEXT_LIMIT })

interface CountingOptions extends FormatOptions {
  readonly convention?: string
  readonly reconcile?: string
}

/** A network, and how to get it at another size of picture. */
interface Resizable {
  readonly graph: Graph
  readonly atSide: (side: number) => Graph
}

/** What another counter, or the author of a figure, would have counted. Asks for text or JSON. */
async function writeCounting(network: Resizable, options: CountingOptions): Promise<void> {
  const report = options.reconcile === undefined ? convention(network, options) : claim(network, options)
  const render = formatOf(options).counting
  if (render === undefined)
    throw notOffered('with --convention and --reconcile the report is', 'counting', options)
  await deliver(await render(report, options), options)
}

interface Report {
  readonly text: (options: Appearance) => string
  readonly json: () => unknown
}

function convention({ graph }: Resizable, { convention: name = '' }: CountingOptions): Report {
  const found = conventionNamed(name, graph)
  if (found === undefined)
    throw new UsageError(`no convention of ${graph.name} is known to be called ${name}`)
  const summary = summarizeConvention(graph, found)
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

interface FormatOptions {
  readonly format: string
  readonly json?: boolean
  readonly output?: string
  readonly layers?: boolean
  readonly sort?: SortKey
}

type Render<Subject> = (subject: Subject, options: FormatOptions) => string | Promise<string>

/** How a format writes each kind of report; it does not offer those that are absent. */
interface Format {
  readonly analysis?: Render<Analysis>
  readonly comparison?: Render<Comparison>
  readonly counting?: Render<Report>
  /** Of any number of networks, what exceeds a budget; then it is the whole report. */
  readonly faults?: (faults: readonly Diagnostic[]) => string
  /** How stdout takes it; default: as text, whose control characters are shown. */
  readonly print?: (content: string) => void
}

const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2)

/** The formats of reports by name; each is a line here, and a file in `src/report`. */
const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['text', { analysis: text, comparison: comparedText, counting: countedText }],
  [
    'json',
    {
      analysis: asJson(analysisJson),
      comparison: asJson(compareJson),
      counting: countedJson,
      print: printJsonText,
    },
  ],
  ['csv', { analysis: analysisCsv, comparison: compareCsv }],
  ['markdown', { analysis: analysisMarkdown, comparison: compareMarkdown }],
  ['html', { analysis: page, print: printPage }],
  ['github', { faults: (faults) => faults.map(githubAnnotation).join('\n') }],
])

/** `text, json, csv or markdown`: the formats that offer a kind of report. */
function notOffered(what: string, kind: keyof Format, { format, json }: FormatOptions): UsageError {
  const names = [...formats].flatMap(([name, one]) => (one[kind] === undefined ? [] : [name]))
  const known = `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`
  return new UsageError(`${what} ${known}, and not ${json ? 'json' : format}`)
}

function asJson<Subject>(document: (subject: Subject) => unknown): Render<Subject> {
  return (subject) => jsonText(document(subject))
}

function comparedText(comparison: Comparison, { output }: FormatOptions): string {
  return compareText(comparison, appearance(output))
}

function countedText(report: Report, { output }: FormatOptions): string {
  return report.text(appearance(output))
}

function countedJson(report: Report): string {
  return jsonText(report.json())
}

async function page(analysis: Analysis): Promise<string> {
  const [{ analysisPage }, { readPageAssets }] = await Promise.all([
    import('../../report/html/analysis-page.ts'),
    import('../../host/package.ts'),
  ])
  return analysisPage(analysis, readPageAssets('analysis'))
}

/** To stdout, or to the file that was named. Annotations are no report of an analysis. */
async function writeReport(analysis: Analysis, options: FormatOptions): Promise<void> {
  const render = formatOf(options).analysis
  if (render !== undefined) await deliver(await render(analysis, options), options)
}

async function deliver(content: string, options: FormatOptions): Promise<void> {
  if (options.output !== undefined) {
    await writeOutput(options.output, content.endsWith('\n') ? content : `${content}\n`)
    note(`wrote ${printable(options.output)}`)
  } else if (content !== '') (formatOf(options).print ?? print)(content)
}

/** Commander has refused any other name. */
const formatOf = ({ format, json }: FormatOptions): Format => formats.get(json ? 'json' : format) ?? {}

function text(analysis: Analysis, { layers, sort, output }: FormatOptions): string {
  return analysisText(analysis, {
    layers: layers ?? sort !== undefined,
    ...appearance(output),
    ...(sort === undefined ? {} : { sort }),
  })
}

const parsers: Readonly<Record<MeasureUnit, (text: string) => number>> = {
  '': parseCount,
  B: parseBytes,
  s: parseDuration,
  J: parseEnergy,
}

interface Options extends NetworkOptions, PassOptions, AnalysisOptions, FormatOptions {
  readonly compare?: boolean
  readonly convention?: string
  readonly reconcile?: string
  readonly measured?: string
}

const budgeted = measuresWith('budget').map(({ key, unit, needs, budget: { flags, help } }) => {
  const option = new Option(flags, help).argParser(parsers[unit])
  return { key, needs, option, name: option.attributeName() }
})

/** Options that ask for an analysis, which a count of operations is not. A budget must not pass unseen. */
const notCounted = ['compare', 'measured', ...budgeted.map(({ name }) => name)]

const EXAMPLES = `
MACs are multiply-accumulates of convolutions and linear layers, bias not counted, for one image; bytes are what kernels
read and write for one image, with the weights' shared by the batch. Times are predictions: the report says how far off
such predictions were.

Examples:
  archc analyze tresnet_m
  archc analyze tresnet_m --layers --sort time
  archc analyze tresnet_m --device v100 --batch 64 --training
  archc analyze fasternet_t0 --engine tfjs-webgpu --device apple_m2
  archc analyze tresnet_m --with 'layer3: se(reduction: 16) at spatial'
  archc analyze my_network.arch --set width=1.2 --input-size 3x192x256 --format json
  archc analyze my_network.arch --format html -o report.html
  archc analyze tresnet_m resnet50 efficientnet_b1 --compare --device v100
  archc analyze tresnet_m --after fold-norm
  archc analyze efficientnet_b0 --convention fvcore
  archc analyze resnet50 --reconcile 3.8G
  archc analyze my_network.arch --max-macs 4G --max-time 80ms --format github`

export default function (command: Command): void {
  addAnalysisOptions(
    addPassOption(
      addNetworkOptions(command.argument('<network...>', `${TARGET_HELP}; several are compared`)),
    ),
  )
    .option('--compare', 'rank the networks by FLOPs, bytes and time')
    .option('--measured <file>', 'a .csv of measured speeds to compare with')
    .addOption(
      new Option('--convention <tool>', 'what another counter would have said')
        .choices(conventionNames)
        .conflicts(['reconcile', ...notCounted]),
    )
    .addOption(
      new Option(
        '--reconcile <figure>',
        'look for what makes up a figure you have read, e.g. 4.09G',
      ).conflicts(notCounted),
    )
    .option('--layers', 'list every operator too')
    .addOption(new Option('--sort <by>', 'order of the layers').choices(sortKeys))
    .addOption(new Option('--format <format>', 'of the report').choices([...formats.keys()]).default('text'))
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the report there')
  for (const { option } of budgeted) command.addOption(option)
  command.addHelpText('after', EXAMPLES).action(report)
}

async function report(targets: readonly string[], options: Options): Promise<void> {
  if (options.after.length > 0) note(`note: the figures are of the graph after ${options.after.join(', ')}`)
  if (options.convention !== undefined || options.reconcile !== undefined) return counting(targets, options)
  const budgets = budgetsOf(options)
  const requestOf = await requesterOf(options)
  const analyses: ComparedNetwork[] = []
  for (const target of targets) {
    const own = loadNetwork(findSpec(target), options)
    const graph = afterPasses(own, options, options.training)
    analyses.push({ name: target, analysis: analyze(graph, await requestOf(graph)) })
  }
  for (const { analysis } of analyses) refuseUnknown(analysis, budgets, options)
  const faults = analyses.flatMap(({ analysis }) => exceeded(analysis, budgets))
  const [only] = analyses
  const { faults: annotations } = formatOf(options)
  if (annotations !== undefined) await deliver(annotations(faults), options)
  else if (only !== undefined && analyses.length === 1 && !isComparison(options))
    await writeReport(only.analysis, options)
  else await comparison(analyses, options)
  fail(faults, options)
}

async function counting([target = '', ...others]: readonly string[], options: Options): Promise<void> {
  if (others.length > 0) throw new UsageError('--convention and --reconcile take one network')
  const spec = findSpec(target)
  const graph = afterPasses(loadNetwork(spec, options), options)
  const [channels = 3] = inputShape(graph)
  const atSide = (side: number) =>
    afterPasses(networkAndWarnings(spec, { ...options, inputSize: [channels, side, side] }).graph, options)
  await writeCounting({ graph, atSide }, options)
}

async function comparison(analyses: readonly ComparedNetwork[], options: Options): Promise<void> {
  await writeComparison(analyses, options.measured, options)
}

const isComparison = ({ compare, measured }: Options): boolean => compare === true || measured !== undefined

function budgetsOf(options: Options): Budgets {
  const values = options as Options & Readonly<Record<string, unknown>>
  const given = budgeted.filter(({ name }) => values[name] !== undefined)
  const [needy] = given.filter(({ needs }) => needs !== undefined)
  if (needy?.needs !== undefined && options.device === NO_DEVICE) throw lacking(needy.option, needy.needs)
  return Object.fromEntries(given.map(({ key, name }) => [key, Number(values[name])]))
}

const lacking = ({ long = '' }: Option, needs: 'device' | 'energy'): UsageError =>
  new UsageError(
    needs === 'device'
      ? `${long} needs a device to predict times for`
      : `${long} needs a device whose file has figures of energy`,
  )

/** A budget or an order of what the device says nothing of must not pass unseen. */
function refuseUnknown(analysis: Analysis, budgets: Budgets, { sort }: Options): void {
  for (const { key, needs, option } of budgeted)
    if (needs !== undefined && budgets[key] !== undefined && measureOf(key).ofNetwork(analysis) === undefined)
      throw lacking(option, needs)
  if (sort !== undefined && measureNamed(sort)?.ofNetwork(analysis) === undefined)
    note(
      `note: nothing is known of the ${sort} of ${printable(analysis.network)} here, so the order is that of execution`,
    )
}

/** The exit status of a network over its budget is that of an input at fault. */
function fail(faults: readonly Diagnostic[], options: Options): void {
  if (faults.length === 0) return
  reportBudgets(faults, options)
  throw new AlreadyReported()
}
