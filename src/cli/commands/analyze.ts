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
import { type SortKey, sortKeys } from '../../report/tables.ts'
import { analysisText } from '../../report/text.ts'
import { writeOutput } from '../write-output.ts'
import { Option, type Command } from 'commander'
import { analyze } from '../../analysis/analyze.ts'
import { exceeded, type Budgets } from '../../analysis/budgets.ts'
import { findSpec } from '../../host/spec.ts'
import { addAnalysisOptions, requesterOf, type AnalysisOptions } from '../analysis-options.ts'
import { afterPasses, buildNetwork, loadNetwork } from '../load-network.ts'
import {
  addNetworkOptions,
  addPassOption,
  TARGET_HELP,
  type NetworkOptions,
  type PassOptions,
  parseBytes,
  parseCount,
  parseDuration,
} from '../options.ts'

/** Annotations are the whole report; with any other format the faults follow it, on stderr. */
export function reportBudgets(faults: readonly Diagnostic[], options: FormatOptions): void {
  if (formatOf(options) !== 'github') noteDiagnostics(faults)
}

export interface ComparedNetwork {
  readonly name: string
  readonly analysis: Analysis
}

type RenderComparison = (comparison: Comparison, options: FormatOptions) => string

const comparisonRenderers: Readonly<Partial<Record<Format, RenderComparison>>> = {
  text: (comparison, { output }) => compareText(comparison, appearance(output)),
  json: (comparison) => JSON.stringify(compareJson(comparison), undefined, 2),
  csv: compareCsv,
  markdown: compareMarkdown,
}

/** Several networks side by side, and beside what was measured of them. */
export async function writeComparison(
  networks: readonly ComparedNetwork[],
  measured: string | undefined,
  options: FormatOptions,
): Promise<void> {
  const render = comparisonRenderers[formatOf(options)]
  if (render === undefined)
    throw new UsageError(`a comparison is text, json, csv or markdown, and not ${formatOf(options)}`)
  const rows = measured === undefined ? [] : readMeasured(measuredText(measured), measured)
  const comparison = compare(networks, rows)
  if (measured !== undefined && !comparison.networks.some((one) => one.measured !== undefined))
    note(
      `note: ${printable(measured)} has no row of these networks at their size in ${comparison.run.layout}`,
    )
  await deliver(render(comparison, options), options)
}

const measuredText = (file: string): string =>
  readTextInput({ file, wanted: 'a table of measurements', limit: MEASURED_TEXT_LIMIT })

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

export const formats = ['text', 'json', 'csv', 'markdown', 'html', 'github'] as const
export type Format = (typeof formats)[number]

export interface FormatOptions {
  readonly format: Format
  readonly json?: boolean
  readonly output?: string
  readonly layers?: boolean
  readonly sort?: SortKey
}

type Render = (analysis: Analysis, options: FormatOptions) => string | Promise<string>

const renderers: Readonly<Record<Exclude<Format, 'github'>, Render>> = {
  text,
  json: (analysis) => JSON.stringify(analysisJson(analysis), undefined, 2),
  csv: analysisCsv,
  markdown: analysisMarkdown,
  html: async (analysis) => {
    const [{ analysisPage }, { readPageAssets }] = await Promise.all([
      import('../../report/html/analysis-page.ts'),
      import('../../host/package.ts'),
    ])
    return analysisPage(analysis, readPageAssets('analysis'))
  },
}

/** To stdout, or to the file that was named. Annotations are no report of an analysis. */
export async function writeReport(analysis: Analysis, options: FormatOptions): Promise<void> {
  const format = formatOf(options)
  if (format !== 'github') await deliver(await renderers[format](analysis, options), options)
}

/** What exceeds a budget, of any number of networks. */
export const writeAnnotations = (faults: readonly Diagnostic[], options: FormatOptions): Promise<void> =>
  deliver(faults.map(githubAnnotation).join('\n'), options)

export async function deliver(content: string, options: FormatOptions): Promise<void> {
  if (options.output !== undefined) {
    await writeOutput(options.output, content.endsWith('\n') ? content : `${content}\n`)
    note(`wrote ${printable(options.output)}`)
  } else if (content !== '') printerOf(options)(content)
}

function printerOf(options: FormatOptions): (content: string) => void {
  const format = formatOf(options)
  if (format === 'json') return printJsonText
  return format === 'html' ? printPage : print
}

export const formatOf = ({ format, json }: FormatOptions): Format => (json ? 'json' : format)

function text(analysis: Analysis, { layers, sort, output }: FormatOptions): string {
  return analysisText(analysis, {
    layers: layers ?? sort !== undefined,
    ...appearance(output),
    ...(sort === undefined ? {} : { sort }),
  })
}

interface Options extends NetworkOptions, PassOptions, AnalysisOptions, FormatOptions {
  readonly compare?: boolean
  readonly convention?: string
  readonly reconcile?: string
  readonly measured?: string
  readonly maxMacs?: number
  readonly maxBytes?: number
  readonly maxTime?: number
  readonly maxMemory?: number
}

/** Options that ask for an analysis, which a count of operations is not. A budget must not pass unseen. */
const notCounted = ['compare', 'measured', 'maxMacs', 'maxBytes', 'maxTime', 'maxMemory']

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

export function define(command: Command): void {
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
    .addOption(new Option('--format <format>', 'of the report').choices(formats).default('text'))
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the report there')
    .option('--max-macs <n>', 'fail where an image takes more, e.g. 4.1G', parseCount)
    .option('--max-bytes <n>', 'fail where an image moves more bytes, e.g. 120MB', parseBytes)
    .option('--max-time <t>', 'fail where a step takes longer, e.g. 80ms', parseDuration)
    .option('--max-memory <n>', 'fail where the peak is higher, e.g. 2GiB', parseBytes)
    .addHelpText('after', EXAMPLES)
    .action(report)
}

async function report(targets: readonly string[], options: Options): Promise<void> {
  if (options.convention !== undefined || options.reconcile !== undefined) return counting(targets, options)
  const budgets = budgetsOf(options)
  const requestOf = await requesterOf(options)
  const analyses: ComparedNetwork[] = []
  for (const target of targets) {
    const own = loadNetwork(findSpec(target), options)
    const graph = afterPasses(own, options, options.training)
    analyses.push({ name: target, analysis: analyze(graph, await requestOf(graph)) })
  }
  const faults = analyses.flatMap(({ analysis }) => exceeded(analysis, budgets))
  const [only] = analyses
  if (formatOf(options) === 'github') await writeAnnotations(faults, options)
  else if (only !== undefined && analyses.length === 1 && !isComparison(options))
    await writeReport(only.analysis, options)
  else await comparison(analyses, options)
  fail(faults, options)
}

async function counting([target = '', ...others]: readonly string[], options: Options): Promise<void> {
  if (others.length > 0) throw new UsageError('--convention and --reconcile take one network')
  const { writeCounting } = await import('./analyze.ts')
  const spec = findSpec(target)
  const graph = afterPasses(loadNetwork(spec, options), options)
  const [channels = 3] = inputShape(graph)
  const atSide = (side: number) =>
    afterPasses(buildNetwork(spec, { ...options, inputSize: [channels, side, side] }).graph, options)
  await writeCounting({ graph, atSide }, options)
}

async function comparison(analyses: readonly ComparedNetwork[], options: Options): Promise<void> {
  const { writeComparison } = await import('./analyze.ts')
  await writeComparison(analyses, options.measured, options)
}

const isComparison = ({ compare, measured }: Options): boolean => compare === true || measured !== undefined

function budgetsOf({ maxMacs, maxBytes, maxTime, maxMemory, device }: Options): Budgets {
  if (maxTime !== undefined && device === 'none')
    throw new UsageError('--max-time needs a device to predict times for')
  return {
    ...(maxMacs === undefined ? {} : { macs: maxMacs }),
    ...(maxBytes === undefined ? {} : { bytes: maxBytes }),
    ...(maxTime === undefined ? {} : { seconds: maxTime }),
    ...(maxMemory === undefined ? {} : { memory: maxMemory }),
  }
}

/** The exit status of a network over its budget is that of an input at fault. */
function fail(faults: readonly Diagnostic[], options: Options): void {
  if (faults.length === 0) return
  reportBudgets(faults, options)
  throw new AlreadyReported()
}
