import type { PointStyle } from 'chart.js'
import { svgElement } from './dom.ts'
import type { Kind } from './theme.ts'

/** A shape tells kinds apart where colours do not; `area` is that of the shape drawn with radius 1. */
interface Shape {
  readonly style: PointStyle
  readonly area: number
  /** In a box of 12 x 12. */
  readonly path: string
}

const circle: Shape = { style: 'circle', area: Math.PI, path: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z' }
const square: Shape = { style: 'rect', area: 2, path: 'M2 2h8v8H2z' }
const diamond: Shape = { style: 'rectRot', area: 2, path: 'M6 0.5L11.5 6L6 11.5L0.5 6z' }
const triangle: Shape = { style: 'triangle', area: 1.3, path: 'M6 1L11.5 10.5H0.5z' }

const shapes: Readonly<Record<Kind, Shape>> = {
  dense: circle,
  grouped: triangle,
  depthwise: diamond,
  pointwise: circle,
  norm: diamond,
  pool: square,
  reduction: triangle,
  copy: square,
  cast: triangle,
  view: diamond,
  fused: circle,
}

export const pointStyleOf = (kind: Kind): PointStyle => shapes[kind].style

/** Pixels; the least is large enough to be seen and hit. */
const LEAST_RADIUS = 2

/** Radius of a point whose area is `share` of `whole` square pixels. */
export const radiusOf = (kind: Kind, share: number, whole: number): number =>
  Math.max(LEAST_RADIUS, Math.sqrt((share * whole) / shapes[kind].area))

/** The sign of a kind, for legends and tables. */
export function marker(kind: Kind): SVGElement {
  const svg = svgElement('svg', { viewBox: '0 0 12 12', class: 'marker', 'aria-hidden': 'true' })
  const path = svgElement('path', { d: shapes[kind].path })
  path.style.fill = `var(--kind-${kind})`
  svg.append(path)
  return svg
}
