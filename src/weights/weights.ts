/** Values by the graph's names of parameters (`layer1.0.conv1.weight`), in logical layout (OIHW, OI, C). */
export type Weights = ReadonlyMap<string, Float32Array>
