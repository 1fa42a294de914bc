import { columnScale, namedValue } from '../quantities.ts'
import type { SweepData, SweepPoint } from '../sweep-page.ts'
import { axisControls, valueKeys, drawPareto } from './pareto.ts'
import { followPrinting } from './charts.ts'
import { byId, readData } from './dom.ts'
import { sortableTable, type SortableColumn } from './table.ts'
import { onTheme, readPalette } from './theme.ts'

const data = readData() as SweepData
const keys = valueKeys(data)

const redraw = (): void => drawPareto(data, horizontal.choice(), vertical.choice(), readPalette())

const horizontal = axisControls('Horizontal', data, keys[0] ?? '', () => redraw())
const vertical = axisControls('Vertical', data, keys[1] ?? keys[0] ?? '', () => redraw())

/** The settings, which sort as numbers where all of them are, then the values. */
function pointColumns(): SortableColumn<SweepPoint>[] {
  const names = new Set(data.points.flatMap(({ settings }) => Object.keys(settings)))
  return [
    ...Array.from(names, settingColumn),
    ...keys.map(valueColumn),
    textOf('Front', ({ pareto }) => (pareto ? 'yes' : '')),
  ]
}

function settingColumn(name: string): SortableColumn<SweepPoint> {
  const of = ({ settings }: SweepPoint): string => settings[name] ?? ''
  const numeric = data.points.every((point) => of(point) !== '' && Number.isFinite(Number(of(point))))
  return { ...textOf(name, of), ...(numeric ? { value: (point) => Number(of(point)) } : {}) }
}

function valueColumn(key: string): SortableColumn<SweepPoint> {
  const of = ({ values }: SweepPoint): number => values[key] ?? 0
  const { title, unit } = namedValue(key)
  const scale = columnScale(data.points.map(of), unit)
  return { title, unit: scale.unit, value: of, text: (point) => scale.text(of(point)) }
}

const textOf = (title: string, of: (point: SweepPoint) => string): SortableColumn<SweepPoint> => ({
  title,
  value: of,
  text: of,
})

document.documentElement.classList.add('js')
byId('axes', HTMLElement)?.replaceChildren(horizontal.controls, vertical.controls)
redraw()
const place = byId('points', HTMLElement)
if (place !== undefined)
  sortableTable(place, {
    label: 'All points of the sweep',
    noun: 'points',
    columns: pointColumns(),
    rows: data.points,
    order: { column: names(), direction: 'ascending' },
  })
onTheme(redraw)
followPrinting()

/** The table begins sorted by the first objective, which stands after the settings. */
function names(): number {
  return pointColumns().length - keys.length - 1
}
