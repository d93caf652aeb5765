/** All targets by name; each is made when it is asked for, since some take seconds. */
import { createKernels } from "../../../src/kernels/createKernels.ts";
import type { FuzzTarget } from "../target.ts";
import { dataTarget } from "./data.ts";
import { imageTarget } from "./images.ts";
import { certificateTarget, keyTarget, programTarget } from "./keys.ts";
import { kerasTarget, onnxTarget, tfliteTarget, zkmlTarget } from "./models.ts";
import { proofTarget } from "./proof.ts";
import { proverTarget } from "./prover.ts";
import { randomProofsTarget } from "./randomProofs.ts";

const MAKERS: Readonly<Record<string, () => FuzzTarget | Promise<FuzzTarget>>> = {
  proof: () => proofTarget(createKernels()),
  randomProofs: () => randomProofsTarget(createKernels()),
  prover: () => proverTarget(createKernels()),
  key: () => keyTarget(createKernels()),
  certificate: () => certificateTarget(createKernels()),
  program: programTarget,
  onnx: onnxTarget,
  tflite: tfliteTarget,
  keras: kerasTarget,
  zkml: zkmlTarget,
  image: imageTarget,
  data: dataTarget,
};

export const TARGET_NAMES: readonly string[] = Object.keys(MAKERS);

export async function makeTarget(name: string): Promise<FuzzTarget> {
  const make = MAKERS[name];
  if (make === undefined) throw new RangeError(`no target "${name}" among ${TARGET_NAMES.join(", ")}`);
  return make();
}
