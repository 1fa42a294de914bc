import type { ChartOptions } from 'chart.js'
import { withoutZeros } from '../quantities.ts'
import type { Range } from './ceilings.ts'
import { axisTitle, powersOfTen } from './charts.ts'
import type { Palette } from './theme.ts'

/** A logarithmic axis with a line and a number at each power of ten, and nothing between. */
export const logAxis = (
  range: Range,
  title: string,
  text: (value: number) => string,
  palette: Palette,
): LogAxis => ({
  type: 'logarithmic',
  min: range.from,
  max: range.to,
  title: axisTitle(title, palette),
  grid: { color: palette.rule },
  border: { color: palette.rule },
  ticks: {
    color: palette.muted,
    autoSkip: true,
    maxRotation: 0,
    callback: (value) => withoutZeros(text(Number(value))),
  },
  afterBuildTicks: (axis) => {
    axis.ticks = powersOfTen(range.from, range.to).map((value) => ({ value }))
  },
})

type LogAxis = NonNullable<NonNullable<ChartOptions<'scatter'>['scales']>[string]>
