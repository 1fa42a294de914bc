import { describe, expect, it } from 'vitest'
import {
  readClaim,
  reconcile,
  type Departure,
  type Sized,
} from '../../../src/analysis/reconcile/reconcile.ts'
import { networkGraph } from '../../networks/support.ts'

const at = (network: string, side: number): Sized => ({
  input: [3, side, side],
  graph: networkGraph(network, [3, side, side]),
})

const reconciled = (network: string, figure: string, sides: readonly number[] = []) =>
  reconcile(
    at(network, 224),
    readClaim(figure) ?? expect.fail(),
    sides.map((side) => at(network, side)),
  )

const short = (departure: Departure): string => {
  switch (departure.kind) {
    case 'size':
      return departure.input.join('x')
    case 'doubled':
      return 'doubled'
    case 'tool':
      return departure.convention
    default:
      return `${departure.kind} ${departure.component.name}`
  }
}

const found = (...arguments_: Parameters<typeof reconciled>): string[] =>
  reconciled(...arguments_).explanations.map(({ agreement, departures }) =>
    [agreement, ...departures.map(short)].join(', '),
  )

/** Figures that papers and repositories state. */
describe('reconcile explains', () => {
  it.each([
    // He et al. 2015, table 1: its bottlenecks stride in the first convolution, and 3.858 was cut off.
    ['resnet50', '3.8', ['cut, without early_strides']],
    ['resnet101', '7.6', ['rounded, without early_strides']],
    // TResNet's table of comparisons.
    ['resnet50', '4.1', ['rounded']],
    ['resnet50d', '4.4', ['rounded, fvcore', 'rounded, ptflops', 'rounded, thop', 'rounded, with norms']],
    // Simonyan & Zisserman's network without its three linear layers.
    ['vgg16', '15.3', ['rounded, without head']],
    ['repghostnet_050', '43M', ['rounded']],
    ['fasternet_m', '8.74', ['rounded, fvcore', 'rounded, with norms']],
    ['efficientnet_b0', '0.39B', ['rounded']],
  ])('%s at %s', (network, figure, expected) => expect(found(network, figure)).toEqual(expected))

  it("EfficientNet-B1's 0.70 by its input, which is 240", () => {
    expect(found('efficientnet_b1', '0.69', [240, 256])).toEqual(['rounded, 3x240x240'])
  })

  it('a doubled figure readily where it is called FLOPs, and reluctantly where it is called MACs', () => {
    expect(found('resnet50', '8.18 GFLOPs')).toEqual(['rounded, doubled'])
    const { explanations } = reconciled('resnet50', '8.18 GMACs')
    expect(explanations.every(({ departures }) => departures.some(({ kind }) => kind !== 'doubled'))).toBe(
      true,
    )
  })

  it('the exact count by itself', () => expect(found('tresnet_m', '5734965248')).toEqual(['rounded']))
})

describe('reconcile', () => {
  it('says that nothing gives a figure, and what comes nearest', () => {
    // VGG-19's figure.
    const { explanations, nearest, agreeing } = reconciled('vgg16', '19.6')
    expect(explanations).toEqual([])
    expect(agreeing).toBe(0)
    expect(nearest.departures.length).toBeLessThanOrEqual(1)
  })

  it("needs two departures for TResNet-M's 5.5, and says how many counts would do", () => {
    const { explanations, tried, agreeing, own } = reconciled('tresnet_m', '5.5')
    expect(own).toBe(5_734_965_248)
    expect(Math.min(...explanations.map(({ departures }) => departures.length))).toBe(2)
    expect(agreeing).toBeGreaterThan(1)
    expect(tried).toBeGreaterThan(agreeing)
  })

  it('has totals that its departures add up to', () => {
    const { explanations, own } = reconciled('tresnet_m', '5.5')
    for (const { total, departures } of explanations) {
      const changes = departures.map((one) =>
        one.kind === 'with' ? one.amount : one.kind === 'without' ? -one.amount : 0,
      )
      expect(own + changes.reduce((sum, change) => sum + change, 0)).toBe(total)
    }
  })

  it('lists components with their layers, which add up', () => {
    for (const { amount, layers } of reconciled('tresnet_m', '5.5').components)
      expect(layers.reduce((sum, layer) => sum + layer.amount, 0)).toBe(amount)
  })
})
