/** archc for programs that run networks under Node: devices, pictures, arrays, classes. */
export { compile, type CompileOptions } from './compile.ts'
export { openTfjs, tfjsDevices, type TfjsDevice } from './tfjs-device.ts'
export { loadImage, type Preprocessing } from './images/load-image.ts'
export { readLabels } from './images/labels.ts'
export { readNpy, type NpyArray } from './npy/read.ts'
export { writeNpy } from './npy/write.ts'
