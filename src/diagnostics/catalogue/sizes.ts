type Shape = readonly number[]

/** Why two maps that belong together differ in height or width. */
export type SizeAdvice =
  | {
      readonly kind: 'strides'
      /** The size of the first, over that of the second. */
      readonly ratio: { readonly times: number; readonly by: number }
      /** Whether something on the way enlarges its map. */
      readonly resized: boolean
    }
  | {
      readonly kind: 'rounding'
      /** The first stride that does not divide its map. */
      readonly rounded: {
        readonly op: string
        readonly place: string
        readonly axis: 'height' | 'width'
        readonly size: number
        readonly stride: number
        readonly becomes: number
      }
      readonly resized: boolean
      /** Height and width of the network's input, what they should be multiples of, and which work. */
      readonly input: Shape
      readonly multiple: Shape
      readonly works: readonly Shape[]
    }

const isPixel = (shape: Shape): boolean => shape.length === 3 && shape[1] === 1 && shape[2] === 1

const shapeText = (shape: Shape): string => shape.join(' x ')

/** How maps of shapes `a` and `b` come to one height and width; `undefined` where nothing is known of their way. */
export function sizeHelp(advice: SizeAdvice | undefined, a: Shape, b: Shape): string | undefined {
  const [one, other] = isPixel(a) ? [a, b] : [b, a]
  if (isPixel(one) && other.length === 3)
    return `one branch is a single pixel: \`upsample([${other.slice(1).join(', ')}])\` repeats it`
  if (advice === undefined) return undefined
  return advice.kind === 'strides' ? strideHelp(advice.ratio, a, b) : roundingHelp(advice, a, b)
}

/** Strides that differ: give them both branches, or bring the smaller map back. */
function strideHelp({ times, by }: { times: number; by: number }, a: Shape, b: Shape): string {
  const small = times < by ? a : b
  const large = small === a ? b : a
  const factor = Math.max(times, by) / Math.min(times, by)
  const isExact = small.slice(1).every((size, side) => size * factor === large[side + 1])
  const back = !Number.isInteger(factor)
    ? ''
    : `, or enlarge the smaller one by \`upsample(${factor})\`${isExact ? '' : ', from an input that every stride divides'}`
  return `the branch of ${shapeText(small)} is reduced more than that of ${shapeText(large)}: give both the same strides${back}`
}

type Rounding = Extract<SizeAdvice, { kind: 'rounding' }>

function roundingHelp(advice: Rounding, a: Shape, b: Shape): string {
  const { op, place, axis, size, stride, becomes } = advice.rounded
  const cause = `\`${op}\` (${place}) makes ${becomes} of a ${axis} of ${size}, which is no multiple of its stride ${stride}`
  const never = advice.resized
    ? ', and no operator resizes to a given size: `upsample` multiplies by whole numbers'
    : ', and the other branch rounds in another way'
  const repairs = [inputRepair(advice), advice.resized ? padRepair(a, b) : undefined]
  const known = repairs.filter((repair) => repair !== undefined)
  return `${cause}${never}; ${known.join('; or, ') || 'give every stride a size that it divides'}`
}

function inputRepair({ input, multiple, works }: Rounding): string | undefined {
  if (works.length === 0) return undefined
  const [high = 1, wide = 1] = multiple
  const wanted = high === wide ? `of ${high}` : `of ${high} and ${wide}`
  return `the input is ${shapeText(input)}, and here its height and width must be multiples ${wanted}: ${works.map(shapeText).join(' or ')} would do`
}

/** Adds what is missing to the smaller map, below and on the right. */
function padRepair(a: Shape, b: Shape): string | undefined {
  const more = [1, 2].map((axis) => (a[axis] ?? 0) - (b[axis] ?? 0))
  if (more.some((size) => size < 0) && more.some((size) => size > 0)) return undefined
  const [high = 0, wide = 0] = more.map(Math.abs)
  const small = more.some((size) => size > 0) ? b : a
  return `at this size, \`pad([0, ${wide}, ${high}, 0])\` behind what makes ${shapeText(small)} adds what is missing`
}
