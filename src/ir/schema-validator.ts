// A module of its own: bundlers give a CommonJS package's names to a static import, not to a dynamic one.
export { Ajv2020 } from 'ajv/dist/2020.js'
export type { ErrorObject, ValidateFunction } from 'ajv'
