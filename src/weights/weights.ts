/** Values by the graph's names of parameters (`layer1.0.conv1.weight`), in logical layout (OIHW, OI, C). */
export type Weights = ReadonlyMap<string, Float32Array>

/** Values from a checkpoint, and what the user should know of how they were found: a sentence each. */
export type BoundWeights = Weights & { readonly notes: readonly string[] }
