import type { Device } from '../analysis/devices/device.ts'
import type { ElaborateOptions } from '../elaborate/elaborate.ts'
import type { Graph } from '../ir/graph.ts'
import type { SourceHost } from '../project/load.ts'
import type { BoundWeights } from '../weights/weights.ts'
import type { Preprocessing } from '../host/images/load-image.ts'
import { loadNode } from './load-node.ts'
import type { SpecPlace, WeightsFileOptions } from './node.ts'

/**
 * The sources below a folder, and the library that comes with archc, for `loadProgram`. Nothing outside of the two is
 * read, wherever links lead.
 */
export const nodeHost = async (root = '.'): Promise<SourceHost> => (await loadNode()).fileHost(root)

/** The names of the networks that come with archc. */
export const builtInNetworks = async (): Promise<readonly string[]> =>
  (await loadNode()).published().map(({ name }) => name)

/** The names of the devices that come with archc. */
export const builtInDevices = async (): Promise<readonly string[]> => (await loadNode()).deviceNames()

/**
 * A device to predict times on: the name of one that comes with archc, or the path of a device file.
 * @throws DiagnosticError E1001 to E1004
 */
export const loadDevice = async (nameOrPath: string): Promise<Device> =>
  (await loadNode()).findDevice(nameOrPath)

/** The devices whose efficiencies were measured, for `predictionOf` on one that has none of its own. */
export const calibratedDevices = async (): Promise<readonly Device[]> =>
  (await loadNode()).devicesWithCalibrations()

/**
 * The graph of a network: `target` is the name of one that comes with archc, or the path of an `.arch` file.
 * @throws DiagnosticError with every mistake
 */
export const openNetwork = async (target: string, options: ElaborateOptions = {}): Promise<Graph> =>
  (await loadNode()).readNetwork(target, options)

/**
 * The weights of a `.safetensors` file, or of the shards of a `model.safetensors.index.json`, under the official names of
 * the network, or under archc's own. Their `notes` say what else was done, such as leaving out the `module.` of a wrapper.
 * @throws DiagnosticError where the file is damaged or does not fit the graph
 */
export const loadWeights = async (
  graph: Graph,
  path: string,
  options: WeightsFileOptions = {},
): Promise<BoundWeights> => (await loadNode()).readWeights(graph, path, options)

/**
 * What the network's metadata calls its classes, by their number; `undefined` where it does not say.
 * @throws DiagnosticError where there is no such list
 */
export const loadLabels = async (
  graph: Graph,
  place: SpecPlace = {},
): Promise<readonly string[] | undefined> => (await loadNode()).labelsOfNetwork(graph, place)

/**
 * A JPEG or PNG as a network sees it: resized, centre cropped, normalised, in grey for a network of one channel.
 * @param source path of a file, or its bytes
 * @param preprocessing the metadata of the graph, or other figures
 * @param size [C, H, W] of the network's input; C must be 1 or 3
 * @returns float32 [C, H, W]
 * @throws DiagnosticError
 */
export const loadImage = async (
  source: string | Uint8Array,
  preprocessing: Preprocessing,
  size: readonly number[],
): Promise<Float32Array> => (await loadNode()).decodeImage(source, preprocessing, size)
