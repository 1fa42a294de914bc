import type { Analysis } from '../../analysis/analysis.ts'
import { analysisJson } from '../json.ts'
import { htmlDocument, type PageAssets } from './document.ts'
import { markup } from './markup.ts'
import { heading } from './sections/heading.ts'
import { layersSection } from './sections/layers.ts'
import { memorySection } from './sections/memory.ts'
import { methodSection } from './sections/method.ts'
import { rooflineSection } from './sections/roofline.ts'
import { stagesSection } from './sections/stages.ts'
import { summary } from './sections/summary.ts'

/**
 * The report as one HTML page that needs nothing else. Figures, stages and the parts of the memory read without a
 * script; charts and the table of layers are drawn by `page/main.ts` from the JSON report, which the page holds whole.
 */
export const analysisPage = (analysis: Analysis, assets: PageAssets): string =>
  htmlDocument(
    {
      title: `${analysis.network}: what it costs`,
      heading: heading(analysis),
      body: markup`${summary(analysis)}
${rooflineSection(analysis)}
${stagesSection(analysis)}
${memorySection(analysis)}
${layersSection(analysis)}
${methodSection(analysis)}`,
      data: analysisJson(analysis),
    },
    assets,
  )
