import { nearest } from '../../diagnostics/suggest.ts'
import type { Parameter } from '../../parser/ast.ts'
import type { Context, Frame } from './context.ts'
import type { GivenArgument } from './values.ts'

/** An argument for each call of a block, wherever a network has it; where a part is named, for those in that part. */
interface BlockArgument {
  /** As the caller wrote it: `se.reduction`, `layer3.se.reduction`. */
  readonly setting: string
  readonly part?: string
  readonly block: string
  readonly argument: GivenArgument & { readonly name: NonNullable<GivenArgument['name']> }
}

/** Whether a setting is for blocks, and not for the network itself. */
export const isForBlocks = (setting: string): boolean => setting.includes('.')

/** What a caller changes about the arguments of blocks, over what the spec says. */
export class BlockArguments {
  private readonly byBlock = new Map<string, BlockArgument[]>()
  private readonly used = new Set<BlockArgument>()
  /** The blocks that were called. */
  private readonly seen = new Set<string>()

  add(setting: string, { value, span }: GivenArgument): void {
    const [argument = '', block = '', part] = setting.split('.').reverse()
    const entry: BlockArgument = {
      setting,
      block,
      argument: { name: { text: argument, span }, value, span },
      ...(part === undefined ? {} : { part }),
    }
    // Those of one part come last, and with that win.
    const others = this.byBlock.get(block) ?? []
    this.byBlock.set(block, part === undefined ? [entry, ...others] : [...others, entry])
  }

  /** The arguments of a call with those that are changed; `undefined` after a mistake, which is reported. */
  over(
    context: Context,
    { trail }: Frame,
    block: string,
    parameters: readonly Parameter[],
    matched: ReadonlyMap<string, GivenArgument>,
  ): ReadonlyMap<string, GivenArgument> | undefined {
    if (this.byBlock.size === 0) return matched
    this.seen.add(block)
    const entries = (this.byBlock.get(block) ?? []).filter(
      ({ part }) => part === undefined || part === trail.part,
    )
    for (const entry of entries) {
      this.used.add(entry)
      const { name } = entry.argument
      if (parameters.some((parameter) => parameter.name.text === name.text)) continue
      context.report('E0402', name.span, () => {
        const known = parameters.map((parameter) => parameter.name.text)
        return { callee: block, name: name.text, nearest: nearest(name.text, known), known }
      })
      return undefined
    }
    return new Map([...matched, ...entries.map(({ argument }) => [argument.name.text, argument] as const)])
  }

  /** Reports those whose block the network does not have. */
  check(context: Context, network: string): void {
    const known = [...this.seen]
    for (const entry of [...this.byBlock.values()].flat())
      if (!this.used.has(entry)) {
        const { setting, block, argument } = entry
        context.report('E0521', argument.span, () => {
          return { setting, block, network, nearest: nearest(block, known), known }
        })
      }
  }
}
