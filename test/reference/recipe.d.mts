/** FNV-1a of the name's UTF-8 bytes, unsigned. */
export function seed(name: string): number
/** The `i`-th value in [0, 1) of the stream `s`. */
export function uniform(s: number, i: number): number
export function kindOf(
  key: string,
  shape: readonly number[],
): 'counter' | 'mean' | 'var' | 'bias' | 'weight' | 'vector' | null
/** The tensor that a golden file was made with; null for entries that no weight belongs to. */
export function makeTensor(net: string, key: string, shape: readonly number[], k?: number): Float32Array | null
/** `batch` x 3 x `h` x `w`, NCHW. */
export function makeInput(h: number, w: number, batch?: number): Float32Array
