import type { Node } from './graph.ts'
import type { AttributeValue } from './ops/definition.ts'
import { operatorOf } from './ops/index.ts'

/** A node's attributes in the order in which its operator declares them, whoever made the node. */
export function attributeEntries({
  op,
  attributes,
}: Pick<Node, 'op' | 'attributes'>): [string, AttributeValue][] {
  const { properties } = operatorOf(op).schema
  const declared = Object.keys(typeof properties === 'object' && properties !== null ? properties : {})
  const others = Object.keys(attributes).filter((name) => !declared.includes(name))
  return [...declared, ...others].flatMap((name): [string, AttributeValue][] => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    return value === undefined ? [] : [[name, value]]
  })
}
