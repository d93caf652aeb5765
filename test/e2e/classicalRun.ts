/** Models of tables from file to verified proof, many rows in one proof. */

import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { loadModel } from "../../src/formats/load.ts";
import {
  checkVerificationKey,
  createKernels,
  NativeProver,
  type Program,
  setup,
  type Verdict,
  verifyWithKey,
} from "../../src/index.ts";
import { compileGraph } from "../../src/quant/compileGraph.ts";
import type { Samples } from "../../src/quant/compileOptions.ts";
import { dequantise, quantiseInput } from "../../src/quant/realValues.ts";
import { floatTensor } from "../../src/tensor/tensor.ts";

/** A table as samples, one row each. */
export function tableOf(rows: readonly (readonly number[])[]): Samples {
  return [floatTensor([rows.length, rows[0].length], rows.flat())];
}

/** A table as one input for each column. */
export function columnsOf(rows: readonly (readonly number[])[]): Samples {
  return rows[0].map((_, column) => {
    const values = rows.map((row) => row[column]);
    return floatTensor([rows.length, 1], values);
  });
}

export async function compiled(bytes: Uint8Array, name: string, calibration: Samples): Promise<Program> {
  return compileGraph(await loadModel(bytes, name), { calibration }).program;
}

export interface ProvenTable {
  readonly verdict: Verdict;
  /** Real values of the first output that the proof states. */
  readonly output: Float64Array;
  /** Of the same proof with a bit flipped in the middle. */
  readonly tampered: Verdict;
}

/** Proves all rows at once, with features and model hidden and the results shown. */
export function proveTable(program: Program, samples: Samples): ProvenTable {
  const kernels = createKernels({ threads: 1 });
  try {
    const batch = samples[0].shape[0];
    const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch });
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const inputs = samples.map(({ data }, i) => quantiseInput(program, i, data));
    const visibilities = { input: "private", weights: "private", output: "public" } as const;
    const { proof } = prover.prove({ inputs, batch, visibilities });
    const checked = checkVerificationKey(verificationKey);
    if (!checked.ok) throw new Error(`the key just made is refused: ${checked.error.code}`);
    const verdict = verifyWithKey(proof, checked.key);
    const changed = Uint8Array.from(proof);
    changed[proof.length >> 1] ^= 4;
    const values = verdict.ok ? verdict.statement.outputs[0].values : null;
    return {
      verdict,
      output: dequantise(values ?? new Int32Array(), program.tensors[program.outputs[0]].quant),
      tampered: verifyWithKey(changed, checked.key),
    };
  } finally {
    kernels.dispose();
  }
}
