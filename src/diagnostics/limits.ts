/** Nobody reads more mistakes than this at once. */
export const MAX_DIAGNOSTICS = 100
