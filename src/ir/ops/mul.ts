import { elementwise } from './broadcast.ts'

export const mul = elementwise({
  name: 'mul',
  doc:
    'The product of two or more tensors, element by element; an axis of size 1 is repeated to the size of the ' +
    'others, as the gates [C, 1, 1] of channel attention are.',
  spellingDoc: 'Multiplies tensors: `a * b`, or `mul(a, b)`.',
})
