/** Keys with other parameters, another program or other weights than they may have. */
import type { CommitmentParameters } from "../../../src/commitment/parameters.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { cheatingSetup } from "../../../src/engine/testing/cheatingProver.ts";
import { denseProgram } from "../../../src/engine/testing/denseProgram.ts";
import { flipBit } from "../../../src/engine/testing/proofEditing.ts";
import { readVerificationKey, writeVerificationKey } from "../../../src/engine/verificationKey.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const ANY = /^(accepted|[a-z]+\.[a-zA-Z]+)/;

export function keyCases(builder: SuiteBuilder): void {
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  for (const weights of ["hidden", "public"] as const) {
    const { verificationKey } = setup(kernels, program, { weights, proofs: 3, batch: 1 });
    const key = readVerificationKey(verificationKey);
    const { parameters, proofBudget } = key;
    const edit = (name: string, change: Partial<CommitmentParameters>, budget = proofBudget): void => {
      const bytes = writeVerificationKey({
        ...key,
        proofBudget: budget,
        parameters: { ...parameters, ...change },
      });
      builder.keyCase(`${weights} weights, ${name}`, bytes, ANY);
    };
    const { levels: _, ...numbers } = parameters;
    for (const field of Object.keys(numbers) as (keyof typeof numbers)[]) {
      for (const step of [-1, 1, 2])
        edit(`${field} ${step}`, { [field]: Math.max(0, parameters[field] + step) });
      edit(`${field} of 0`, { [field]: 0 });
      edit(`${field} of 255`, { [field]: 255 });
    }
    for (const logColumns of [0, 1, 16, 17]) edit(`2^${logColumns} columns`, { logColumns });
    for (const logLength of [20, 21]) edit(`length 2^${logLength}`, { logLength });
    for (const grindBits of [30, 31]) edit(`${grindBits} bits of work`, { grindBits });
    for (const budget of [0, 1, parameters.weightUses - 1, parameters.weightUses]) {
      edit(`budget ${budget}`, {}, Math.max(0, budget));
    }
    builder.keyCase(
      `${weights} weights, longer`,
      Uint8Array.from([...verificationKey, 0]),
      "key.notCanonical",
    );
    builder.keyCase(`${weights} weights, shorter`, verificationKey.subarray(0, -1), "key.truncated");
    for (let at = 0; at < Math.min(verificationKey.length, 900); at += 29) {
      builder.keyCase(`${weights} weights, byte ${at}`, flipBit(verificationKey, at, at % 8), ANY);
    }
  }
  for (const [name, id, value] of [
    ["a weight above its range", 0, 128],
    ["a weight below its range", 2, -128],
    ["a bias below its range", 1, -(2 ** 17) - 1],
    ["a bias at the end of its range", 1, 2 ** 17 - 1],
  ] as const) {
    const constants = program.constants.map((constant, i) => {
      const data = constant.data.slice();
      if (i === id) data[3] = value;
      return { ...constant, data };
    });
    builder.keyCase(`hidden: ${name}`, cheatingSetup(kernels, program, constants).verificationKey, ANY);
    const shown = readVerificationKey(
      setup(kernels, program, { weights: "public", proofs: 1, batch: 1 }).verificationKey,
    );
    const bytes = writeVerificationKey({ ...shown, weights: { kind: "public", constants } });
    builder.keyCase(`shown: ${name}`, bytes, ANY);
  }
}
