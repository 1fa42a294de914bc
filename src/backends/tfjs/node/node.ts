/** What needs Node, in one module: bundlers for browsers put an empty one in its place (`tools/build.mjs`). */
export { openTfjs } from './device.ts'
export { measureDevice } from './measure.ts'
