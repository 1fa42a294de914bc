import type { LayerAnalysis } from '../../../analysis/analysis.ts'

export type LayerKind = LayerAnalysis['kind']

/** Colours of the charts, as the style sheet has them for the theme in force. */
export interface Palette {
  readonly ink: string
  readonly muted: string
  readonly rule: string
  readonly surface: string
  readonly accent: string
  readonly kind: (kind: LayerKind) => string
  /** Of the measures that a stage's bars show, and of memory. */
  readonly macs: string
  readonly bytes: string
  readonly time: string
}

/** The style sheet is the one place of colours; canvases, which it does not reach, ask it for them. */
export function readPalette(): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`
    return window.getComputedStyle(probe).color
  }
  const names = ['ink', 'muted', 'rule', 'surface', 'accent', 'macs', 'bytes', 'time'] as const
  const [ink, muted, rule, surface, accent, macs, bytes, time] = names.map(colour)
  const kinds = new Map(allKinds.map((kind) => [kind, colour(`kind-${kind}`)]))
  probe.remove()
  const of = (found: string | undefined): string => found ?? '#888'
  return {
    ink: of(ink),
    muted: of(muted),
    rule: of(rule),
    surface: of(surface),
    accent: of(accent),
    macs: of(macs),
    bytes: of(bytes),
    time: of(time),
    kind: (kind) => of(kinds.get(kind)),
  }
}

/** In the order in which legends list them. */
export const allKinds: readonly LayerKind[] = [
  'dense',
  'grouped',
  'depthwise',
  'pointwise',
  'norm',
  'pool',
  'reduction',
  'copy',
  'cast',
  'view',
  'fused',
]

/** `rgb(1, 2, 3)` with an opacity, 0 to 1. */
export const faded = (colour: string, opacity: number): string =>
  colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`)

/** Calls `redraw` whenever colours change: by the switch, by the system, and for the time of printing. */
export function onTheme(redraw: () => void): void {
  const root = document.documentElement
  const choose = (theme: string): void => {
    if (theme === 'system') root.removeAttribute('data-theme')
    else root.setAttribute('data-theme', theme)
    redraw()
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name=theme]'))
    input.addEventListener('change', () => choose(input.value))
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)

  let beforePrint = 'system'
  window.addEventListener('beforeprint', () => {
    beforePrint = root.getAttribute('data-theme') ?? 'system'
    choose('light')
  })
  window.addEventListener('afterprint', () => choose(beforePrint))
}
