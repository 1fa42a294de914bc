import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activationNames } from '../../../src/ir/ops/activations.ts'
import { isProblem } from '../../../src/ir/ops/definition.ts'
import { isOpName, operatorOf, opNames, spellings } from '../../../src/ir/ops/index.ts'
import { applied, tensors, type Shape } from './support.ts'
import type { ArgumentValues } from '../../../src/ir/ops/definition.ts'

const ajv = new Ajv({ strict: true })
const ends = /[.!?]$/

/** Every spelling with arguments it takes, and inputs. */
const examples: Readonly<Record<string, readonly [ArgumentValues, ...Shape[]]>> = {
  conv: [{ channels: 8, kernel: 3 }, [4, 8, 8]],
  depthwise_conv: [{ kernel: 3, padding: 'same_tf', stride: 2 }, [4, 8, 8]],
  linear: [{ features: 3 }, [4]],
  max_pool: [{ kernel: 2 }, [4, 8, 8]],
  avg_pool: [{ kernel: 3, ceil: true, stride: 2 }, [4, 8, 8]],
  space_to_depth: [{ block: 2 }, [4, 8, 8]],
  depth_to_space: [{ block: 2 }, [4, 8, 8]],
  channel_shuffle: [{ groups: 2 }, [4, 8, 8]],
  concat: [{}, [4, 8, 8], [2, 8, 8]],
  split: [{ parts: 2 }, [4, 8, 8]],
  slice: [{ start: 1 }, [4, 8, 8]],
  add: [{}, [4, 8, 8], [4, 8, 8]],
  mul: [{}, [4, 8, 8], [4, 1, 1]],
  pad: [{ padding: 1 }, [4, 8, 8]],
  upsample: [{ factor: 2 }, [4, 8, 8]],
  reshape: [{ shape: [256] }, [4, 8, 8]],
  dropout: [{ rate: 0.1 }, [4, 8, 8]],
  drop_path: [{ rate: 0.1 }, [4, 8, 8]],
}

const applyExample = (name: string) => {
  const [given, ...inputs] = examples[name] ?? [{}, [4, 8, 8]]
  return applied(name, given, ...inputs)
}

describe('every operator', () => {
  it.each(opNames)('%s is documented and has a schema', (name) => {
    const definition = operatorOf(name)
    expect(definition.name).toBe(name)
    expect(definition.doc).toMatch(ends)
    expect(definition.spellings.length).toBeGreaterThan(0)
    expect(definition.schema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(ajv.validateSchema(definition.schema)).toBe(true)
  })

  it('has the activations that other operators take', () => {
    expect(opNames.filter((name) => operatorOf(name).isActivation)).toEqual(
      expect.arrayContaining([...activationNames]),
    )
    expect(opNames.filter((name) => operatorOf(name).isActivation)).toHaveLength(activationNames.length)
  })

  it('is not looked up through prototypes', () => {
    expect(isOpName('constructor')).toBe(false)
    expect(isOpName('conv')).toBe(true)
  })
})

describe('every spelling', () => {
  it.each([...spellings.keys()])('%s is documented, down to its arguments', (name) => {
    const { spelling } = spellings.get(name) ?? expect.fail()
    expect(spelling.doc).toMatch(ends)
    for (const argument of spelling.arguments) expect(argument.doc).toMatch(ends)
  })

  it.each([...spellings.keys()])('%s makes attributes that its schema and `infer` accept', (name) => {
    const { op, attributes } = applyExample(name)
    expect(ajv.validate(operatorOf(op).schema, attributes)).toBe(true)
    expect(Object.keys(attributes)).toEqual(operatorOf(op).schema['required'])
    expect(ajv.validate(operatorOf(op).schema, { ...attributes, more: 1 })).toBe(false)
  })

  it.each([...spellings.keys()])('%s answers any arguments and inputs with shapes or a problem', (name) => {
    const { op, spelling } = spellings.get(name) ?? expect.fail()
    const number = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double(), fc.integer())
    const value = fc.oneof(
      number,
      fc.array(number, { maxLength: 5 }),
      fc.constantFrom('same', 'same_tf', 'x', true, false),
    )
    const shape = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 0, maxLength: 4 })
    const given = fc.record(Object.fromEntries(spelling.arguments.map((one) => [one.name, value])), {
      requiredKeys: [],
    })
    fc.assert(
      fc.property(given, fc.array(shape, { maxLength: 3 }), (given, shapes) => {
        const inputs = tensors(shapes)
        const attributes = spelling.attributes(given, inputs)
        if (isProblem(attributes)) return
        const outputs = operatorOf(op).infer(attributes, inputs)
        if (isProblem(outputs)) return
        expect(ajv.validate(operatorOf(op).schema, attributes)).toBe(true)
        for (const { shape } of outputs)
          expect(shape.every((size) => Number.isSafeInteger(size) && size > 0)).toBe(true)
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})

describe('infer as verification', () => {
  it('refuses attributes that break their rules, and a convolution of a part that shrinks the map', () => {
    const conv = applyExample('conv')
    const wrong = operatorOf('conv').infer({ ...conv.attributes, stride: [0, 1] }, conv.inputs)
    expect(wrong).toMatchObject({ problem: 'E0301', blame: { argument: 'stride' } })
    const part = applyExample('partial_conv')
    const { infer } = operatorOf('partial_conv')
    expect(infer({ ...part.attributes, padding: [0, 0, 0, 0] }, part.inputs)).toMatchObject({
      problem: 'E0321',
    })
    expect(infer({ ...part.attributes, channels: 5 }, part.inputs)).toMatchObject({ problem: 'E0318' })
  })
})
