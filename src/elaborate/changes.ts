import type { Name, Placement, Removal } from '../parser/ast.ts'
import type { ModuleScope } from './scopes.ts'
import type { GivenArgument } from './values.ts'

/**
 * What a caller changes about the modules in slots. A placed module takes the place of one of the same name in its
 * stage (so that it moves, or changes its arguments) and of whatever stood at its slot.
 */
export interface Placements {
  readonly with: readonly Placement[]
  readonly without: readonly Removal[]
  /** Names that a placed module may use besides those of the network's file. */
  readonly scope?: ModuleScope['names']
}

export const noPlacements: Placements = { with: [], without: [] }

/** Whether a change is for the stage: without names of stages it is for all of them. */
export const concerns = ({ stages }: { stages: readonly Name[] }, stage: string): boolean =>
  stages.length === 0 || stages.some(({ text }) => text === stage)

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

  get isEmpty(): boolean {
    return this.byBlock.size === 0
  }

  /** The arguments that a call of the block in the part is to have, those that win last. They count as used. */
  forCall(block: string, part: string | undefined): readonly BlockArgument[] {
    this.seen.add(block)
    const entries = (this.byBlock.get(block) ?? []).filter(
      (entry) => entry.part === undefined || entry.part === part,
    )
    for (const entry of entries) this.used.add(entry)
    return entries
  }

  /** Those whose block the network does not have. */
  get unused(): readonly BlockArgument[] {
    return [...this.byBlock.values()].flat().filter((entry) => !this.used.has(entry))
  }

  /** The names of the blocks that were called. */
  get calledBlocks(): readonly string[] {
    return [...this.seen]
  }
}
