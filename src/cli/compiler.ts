/**
 * All that reads model files and makes programs of them: half of the package. Loaded with the first model file only, since
 * proving with a key needs nothing of it and should start at once.
 */
export { loadModel } from "../formats/load.ts";
export { checkGraph } from "../graph/check.ts";
export { compileGraph } from "../quant/compileGraph.ts";
