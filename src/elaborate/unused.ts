import { diagnose, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts'
import type { Name } from '../parser/ast.ts'
import { locationOf, type Span } from '../source/span.ts'
import type { ValueId } from '../ir/graph.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { usesOf, type Uses, type Reading } from './uses.ts'
import type { Evaluated } from './values.ts'

/** What holds a value: a name, as messages call it, or an expression that is asked for its size or for one item. */
export type HolderForm = 'value' | 'variable' | 'parameter' | 'input' | 'part' | 'expression'

/** What the text does with work that it asks for: nothing, or it reads only the size, or only some items of a list. */
export interface Holding {
  readonly name?: string
  readonly form: HolderForm
  readonly span: Span
  readonly uses: Uses
  readonly value: Evaluated
  /** The block that holds it; absent in the body of a network. */
  readonly block?: string
  /** Operators and parts that were made before. */
  readonly operators: number
  readonly parts: number
}

/** The block or the network in which a name or an expression stands. */
interface Holder {
  readonly kind: 'network' | 'block'
  readonly name: string
}

/** What the end of the network tells about its values. */
interface Ending {
  readonly outputs: readonly ValueId[]
  /** How many parts there are. */
  readonly parts: number
  /** Whether the network says what it returns. */
  readonly returns: boolean
}

/** One place may be elaborated many times, and not each time with work that is lost. */
const MOST_OF_A_PLACE = 100

/**
 * Finds work that nothing uses, and operators that are given to no tensor. A value is lost where a name holds it that the
 * text, on all of its paths, reads not at all, or not as the value that it is. So what is used in some variants or branches
 * only is no mistake.
 */
export class Unused {
  private readonly holdings = new Map<Span, Holding[]>()

  constructor(private readonly builder: GraphBuilder) {}

  /**
   * A name got a value. What it holds comes back, where the text may not use all of it.
   * @param parts how many parts the network has by now
   */
  hold(holder: Holder, site: Name, form: HolderForm, value: Evaluated, parts: number): Holding | undefined {
    const uses = usesOf(site)
    if (uses === undefined || uses.readings.has('whole') || site.text.startsWith('_')) return undefined
    return this.taken({
      name: site.text,
      form,
      span: site.span,
      uses,
      value,
      parts,
      ...holderOf(holder, this.builder),
    })
  }

  /** An expression without a name is asked for its size, or for one item. */
  ask(holder: Holder, span: Span, reading: Reading, value: Evaluated): Holding | undefined {
    const uses = { readings: new Set([reading]), within: span, inLoop: false }
    return this.taken({
      form: 'expression',
      span,
      uses,
      value,
      parts: 0,
      ...holderOf(holder, this.builder),
    })
  }

  private taken(holding: Holding): Holding | undefined {
    const { kind } = holding.value
    if (kind !== 'tensor' && kind !== 'list' && !waitsForNothing(holding)) return undefined
    this.add(holding)
    return holding
  }

  add(holding: Holding): void {
    const others = this.holdings.get(holding.span)
    if (others === undefined) this.holdings.set(holding.span, [holding])
    else if (others.length < MOST_OF_A_PLACE) others.push(holding)
  }

  /** A warning for each place that loses work. */
  warnings(ending: Ending): readonly Diagnostic[] {
    if (this.holdings.size === 0) return []
    const unused = this.builder.unusedValues(ending.outputs)
    const found: Diagnostic[] = []
    for (const holdings of this.holdings.values()) {
      // A warning looks for a `concat`, so those that nobody reads are not made.
      if (found.length === MAX_DIAGNOSTICS) break
      const warning = this.firstWarning(holdings, unused, ending)
      if (warning !== undefined) found.push(warning)
    }
    return found
  }

  private firstWarning(
    holdings: readonly Holding[],
    unused: ReadonlySet<ValueId>,
    ending: Ending,
  ): Diagnostic | undefined {
    for (const holding of holdings) {
      if (waitsForNothing(holding)) return neverApplied(holding, ending)
      const lost = lostOf(holding, unused)
      if (lost !== undefined) return this.warning(holding, lost, ending)
    }
    return undefined
  }

  private warning(holding: Holding, lost: ValueId, ending: Ending): Diagnostic {
    const { name, form, span, uses, value, block } = holding
    const items = [...uses.readings].filter((reading) => typeof reading === 'number')
    const facts = { name, form, block }
    if (items.length > 0)
      return diagnose('E0527', span, {
        ...facts,
        items,
        count: value.kind === 'list' ? value.items.length : 1,
      })
    if (uses.readings.has('size')) return diagnose('E0526', span, facts)
    // Behind a second binding of the name, `concat` would join another value.
    const reach = { ...uses.within, end: uses.anew ?? uses.within.end }
    const concat = this.builder.concatBeside(lost, afterOf(reach, span), holding.operators)
    const labels: readonly Label[] =
      concat === undefined ? [] : [{ span: concat, text: 'joins others of its size' }]
    const repair = concat === undefined ? repairOf(holding, ending) : joining(concat)
    return diagnose('E0525', span, { ...facts, ...repair }, { labels })
  }
}

const holderOf = ({ kind, name }: Holder, { size }: GraphBuilder) =>
  kind === 'network' ? { operators: size } : { block: name, operators: size }

/** The rest of a declaration behind a place in it. */
const afterOf = ({ file, end }: Span, { end: start }: Span): Span => ({ file, start, end })

const joining = (span: Span) => ({
  repair: 'join' as const,
  concat: span.file.text.slice(span.start, Math.min(span.end, span.start + 1000)).replace(/\s+/g, ' '),
  line: locationOf(span).line,
})

/**
 * An operator or a block with its arguments under a name that the text never reads: nothing flows into it, and its
 * arguments were never looked at.
 */
const waitsForNothing = ({ value, form, uses }: Holding): boolean =>
  value.kind === 'callable' && form === 'value' && uses.readings.size === 0

function neverApplied(holding: Holding, ending: Ending): Diagnostic {
  const { name, form, span, block } = holding
  return diagnose('E0525', span, { name, form, block, waits: true, ...repairOf(holding, ending) })
}

/** What was probably meant by a value that nothing reads. */
function repairOf({ form, block, uses, parts }: Holding, { parts: all, returns }: Ending) {
  const isOwn = form === 'value' && block === undefined && !uses.inLoop
  if (isOwn && all > parts) return { repair: 'stage' as const }
  return { repair: isOwn && !returns ? ('head' as const) : ('use' as const) }
}

/** A tensor that is made and lost in the holding, if there is one. */
function lostOf({ value, uses: { readings } }: Holding, unused: ReadonlySet<ValueId>): ValueId | undefined {
  const items = value.kind === 'list' ? value.items : [value]
  const lost = items.find(
    (item, index) => item.kind === 'tensor' && !readings.has(index) && unused.has(item.id),
  )
  return lost?.kind === 'tensor' ? lost.id : undefined
}
