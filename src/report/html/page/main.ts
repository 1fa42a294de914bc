import type { Chart } from 'chart.js'
import type { Analysis } from '../../../analysis/analysis.ts'
import { layerGroups } from '../analysis-page.ts'
import { followPrinting } from './charts.ts'
import { byId, readData } from './dom.ts'
import { KIND, layerColumns, sortableTable } from './table.ts'
import { byKind, drawMovers, drawRoofline } from './roofline.ts'
import { applyHidden, kindLegend, type Hidden, marker } from './chart-parts.ts'
import { drawMemory } from './memory.ts'
import { drawStages } from './stages.ts'
import { onTheme, readPalette } from './theme.ts'

const analysis = readData() as Analysis
const groups = layerGroups(analysis)
const hidden: Hidden = new Set()
let pointCharts: readonly Chart[] = []

function drawAll(): void {
  const palette = readPalette()
  const { throughput } = analysis
  if (throughput !== undefined) {
    const drawn = [
      drawRoofline(groups.withMacs, throughput, palette),
      drawMovers(groups.withoutMacs, throughput, palette),
    ]
    pointCharts = drawn.filter((chart) => chart !== undefined)
    for (const chart of pointCharts) applyHidden(chart, hidden)
  }
  drawStages(analysis, palette)
  drawMemory(analysis, palette)
}

function drawTable(): void {
  const place = byId('layers', HTMLElement)
  if (place === undefined) return
  sortableTable(place, {
    label: 'All layers',
    noun: 'layers',
    columns: layerColumns(analysis),
    rows: analysis.layers.map((layer, index) => ({ layer, number: index + 1 })),
    order: { column: 0, direction: 'ascending' },
    sign: ({ layer }, { title }) => (title === KIND ? marker(layer.kind) : undefined),
  })
}

document.documentElement.classList.add('js')
const kinds = byKind([...groups.withMacs, ...groups.withoutMacs]).map(({ kind }) => kind)
kindLegend(kinds, hidden, () => pointCharts)
drawAll()
drawTable()
onTheme(drawAll)
followPrinting()
