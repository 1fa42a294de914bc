import { elementwise } from './broadcast.ts'

export const add = elementwise({
  name: 'add',
  doc: 'The sum of two or more tensors; an axis of size 1 is repeated to the size of the others.',
  spellingDoc: 'Adds tensors: `a + b`, or `add(a, b, c)`.',
})
