import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts'
import {
  checkProgram,
  elaborate,
  networkNames,
  type ElaborateOptions,
} from '../../../src/elaborate/elaborate.ts'
import { graphToJsonText } from '../../../src/ir/json.ts'
import { elaborateOptions, hasErrors } from '../../../src/cli/load-network.ts'
import { UsageError } from '../../../src/cli/exit.ts'
import type { Spec } from '../../../src/host/spec.ts'
import { loadProgram, type Program } from '../../../src/project/load.ts'
import { hostOver, readCorpus, type Corpus } from '../corpus.ts'
import { isAnswer, judgeDiagnostics } from '../diagnosed.ts'
import { writeProgram, type Files } from '../generate/programs.ts'
import { judgeAnalysis, judgeGraph, pickRun, type Run } from '../graphs.ts'
import { EXHAUSTING, mutate, singleMistakes } from '../mutations.ts'
import type { Random } from '../random.ts'
import type { Probe, Target } from '../target.ts'

/** The options of a command line that change a network. */
interface Options {
  readonly set: readonly string[]
  readonly with: readonly string[]
  readonly without: readonly string[]
  readonly inputSize?: readonly number[]
}

interface SpecInput {
  readonly files: Files
  /** What was done to the program; empty where it is as it was written, and so sound. */
  readonly mutations: readonly string[]
  readonly from: 'generator' | 'corpus'
  /** Whether the program was sound before: only then are its errors those of the mutation. */
  readonly wasSound: boolean
  readonly options?: Options
  readonly plan: Plan
}

/**
 * What is done besides parsing and checking, each of which takes longer than those two together, so that it is done to a
 * share of the inputs.
 */
interface Plan {
  /** Renders the diagnostics. */
  readonly render: boolean
  /** Builds the network, writes the graph and reads it again. */
  readonly build: boolean
  /** Analyses it. */
  readonly analyse: boolean
  /** Does this to each network of the file, and builds each twice. */
  readonly thorough: boolean
  readonly engine: Run
}

/** One input in so many has all done to it. */
const THOROUGH = 200

function planOf(random: Random): Plan {
  const thorough = random.chance(1 / THOROUGH)
  const analyse = thorough || random.chance(1 / 20)
  return {
    render: thorough || random.chance(1 / 4),
    build: analyse || random.chance(1 / 5),
    analyse,
    thorough,
    engine: pickRun(random),
  }
}

/** Graphs beyond this are not looked at closely: each takes the time of a hundred small ones. */
const MOST_NODES = 1000

let corpus: Corpus | undefined
function textOfCorpus(random: Random): string {
  corpus ??= readCorpus()
  if (random.chance(1 / EXHAUSTING)) return random.pick(corpus.exhausting)
  return random.pick(random.chance(1 / 20) ? corpus.large : corpus.small)
}
const anyText = (random: Random): string =>
  random.chance(0.5) ? textOfCorpus(random) : (writeProgram(random).files['main.arch'] ?? '')

/** Fixtures hold mistakes of their own, which are not to be counted as consequences of a mutation. */
const soundTexts = new Map<string, boolean>()
function isSoundText(text: string): boolean {
  const known = soundTexts.get(text)
  if (known !== undefined) return known
  const isSound = !hasErrors(checkProgram(loadProgram('main.arch', hostOver({ 'main.arch': text }))))
  soundTexts.set(text, isSound)
  return isSound
}

const isSingle = ([only = '', ...more]: readonly string[]): boolean =>
  more.length === 0 && singleMistakes.has(only)

export const specs: Target<SpecInput> = { name: 'specs', make, run, smaller }

function make(random: Random): SpecInput {
  const plan = planOf(random)
  if (random.chance(0.25)) {
    const original = textOfCorpus(random)
    const { text, names } = mutate(original, random, () => anyText(random))
    const files = { 'main.arch': text }
    const wasSound = isSingle(names) && isSoundText(original)
    return { files, mutations: names, from: 'corpus', wasSound, plan, ...withOptions(random, [], [], plan) }
  }
  const { files, settings, placements } = writeProgram(random)
  const more = {
    from: 'generator',
    wasSound: true,
    plan,
    ...withOptions(random, settings, placements, plan),
  } as const
  if (random.chance(0.2)) return { files, mutations: [], ...more }
  const paths = Object.keys(files)
  const path = random.chance(0.8) ? 'main.arch' : random.pick(paths)
  const { text, names } = mutate(files[path] ?? '', random, () => anyText(random))
  return { files: { ...files, [path]: text }, mutations: names, ...more }
}

const withOptions = (
  random: Random,
  settings: readonly string[],
  placements: readonly string[],
  { thorough }: Plan,
): { options?: Options } =>
  thorough || random.chance(1 / 5) ? { options: optionsOf(random, settings, placements) } : {}

function optionsOf(random: Random, settings: readonly string[], placements: readonly string[]): Options {
  const some = (texts: readonly string[]): string[] => {
    const chosen = random.shuffled(texts).slice(0, random.int(0, 2))
    return chosen.map((text) =>
      random.chance(0.5) ? text : mutate(text, random, () => random.pick(texts)).text,
    )
  }
  return {
    set: some([...settings, 'se.reduction=2', 'width_0=1', 'stage1.basic.width=8', 'nope=1']),
    with: some([
      ...placements,
      'se at residual',
      'eca at spatial if i % 2 == 0',
      'stage1, stage2: none at x',
    ]),
    without: some(['se', 'stage1: relu', 'eca']),
    ...(random.chance(0.2)
      ? { inputSize: [random.int(0, 9), random.skewed(1, 70_000), random.int(1, 64)] }
      : {}),
  }
}

async function run(input: SpecInput, probe: Probe): Promise<void> {
  const { plan, options } = input
  const program = probe.step('load', () => loadProgram('main.arch', hostOver(input.files)))
  if (program === undefined) return
  const found = probe.step('check', () => checkProgram(program))
  if (found === undefined) return
  judgeDiagnostics(found, probe, plan.render)
  judgeShare(input, found, probe)
  const names = probe.step('list networks', () => networkNames(program)) ?? []
  const looked = plan.thorough ? names.slice(0, 3) : plan.build && !hasErrors(found) ? names.slice(-1) : []
  for (const network of looked) await judgeNetwork(program, network, !hasErrors(found), plan, probe)
  if (options !== undefined) await judgeOptions(program, options, input, probe)
}

/** Counts of what the generator and single mistakes are worth; no problems. */
function judgeShare(input: SpecInput, found: readonly Diagnostic[], probe: Probe): void {
  const errors = found.filter(({ severity }) => severity === 'error').length
  const isSound = errors === 0
  if (input.mutations.length === 0) probe.tally(isSound ? 'generated: sound' : 'generated: refused')
  if (input.mutations.length > 0) probe.tally(isSound ? 'mutated: accepted' : 'mutated: refused')
  if (isSound || !input.wasSound || !isSingle(input.mutations)) return
  probe.tally('one mistake: all')
  if (errors > 5) probe.tally('one mistake: more than five errors')
}

/** What `check` accepts can be built, again and with the same result. */
async function judgeNetwork(
  program: Program,
  network: string,
  isAccepted: boolean,
  plan: Plan,
  probe: Probe,
): Promise<void> {
  const built = probe.step('build', () => elaborate(program, { network }))
  if (built === undefined) return
  const { graph, diagnostics } = built
  probe.expect(graph !== undefined || hasErrors(diagnostics), 'neither a graph nor a reason')
  const codes = diagnostics.map(({ code }) => code)
  probe.expect(
    !isAccepted || graph !== undefined,
    `check accepts what cannot be built: ${[...new Set(codes)].slice(0, 3).join(' ')}`,
    () => diagnostics.map(({ message }) => message).join('\n'),
  )
  if (graph === undefined) return
  probe.tally('networks built')
  if (graph.nodes.length > MOST_NODES) return
  await judgeGraph(graph, probe)
  if (plan.analyse) {
    probe.tally('networks analysed')
    judgeAnalysis(graph, plan.engine, probe)
  }
  if (!plan.thorough) return
  const again = probe.step('build', () => elaborate(program, { network }))?.graph
  const isSame = again !== undefined && graphToJsonText(again) === graphToJsonText(graph)
  probe.expect(isSame, 'built again, the network is another')
}

/** Changes from the command line, through the texts that it takes. */
async function judgeOptions(
  program: Program,
  options: Options,
  { files, plan }: SpecInput,
  probe: Probe,
): Promise<void> {
  const spec = { host: hostOver(files), entry: 'main.arch' } as unknown as Spec
  const answers = isAnswer(probe, plan.render)
  const allowed = (error: unknown): boolean => error instanceof UsageError || answers(error)
  const parsed = probe.step('read options', () => elaborateOptions(spec, options), allowed)
  const [network] = networkNames(program)
  if (parsed === undefined || network === undefined) return
  const asked: ElaborateOptions = { ...parsed, network }
  const found = probe.step('check with options', () => checkProgram(program, asked))
  if (found === undefined) return
  probe.tally('checked with options')
  judgeDiagnostics(found, probe, plan.render)
  if (!plan.build) return
  const built = probe.step('build with options', () => elaborate(program, asked))
  if (built === undefined) return
  const { graph } = built
  probe.expect(
    graph !== undefined || hasErrors(found),
    'check accepts options with which nothing can be built',
  )
  if (graph === undefined || graph.nodes.length > MOST_NODES) return
  probe.tally('networks built with options')
  await judgeGraph(graph, probe)
}

/** Fewer files, fewer lines, fewer tokens. */
function* smaller(input: SpecInput): Generator<SpecInput> {
  for (const [path, text] of Object.entries(input.files)) {
    for (const shorter of shorterTexts(text)) yield { ...input, files: { ...input.files, [path]: shorter } }
  }
}

function* shorterTexts(text: string): Generator<string> {
  const lines = text.split('\n')
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < lines.length; at += size)
      yield [...lines.slice(0, at), ...lines.slice(at + size)].join('\n')
  for (let size = Math.ceil(text.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    if (text.length / size > 400) break
    for (let at = 0; at < text.length; at += size) yield text.slice(0, at) + text.slice(at + size)
  }
}
