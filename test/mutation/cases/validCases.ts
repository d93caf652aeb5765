/** Honest proofs: of every operator, visibility and batch, and of random programs. */
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { VICTIMS, type VictimName, victimInputs } from "../../../src/engine/testing/cheatVictims.ts";
import { denseProgram } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import type { Program } from "../../../src/program/program.ts";
import { randomExactProgram } from "../../../src/program/testing/randomExactProgram.ts";
import { randomInput } from "../../../src/program/testing/randomProgram.ts";
import type { Visibilities, Visibility } from "../../../src/relations/visibility.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const BOTH: readonly (readonly [Visibility, Visibility])[] = [
  ["private", "public"],
  ["committed", "committed"],
  ["public", "private"],
];

interface Run {
  readonly name: string;
  readonly program: Program;
  readonly inputs: readonly Int32Array[];
  readonly batch: number;
}

/** One key, and one proof for every pair of visibilities. */
function proveRun(builder: SuiteBuilder, run: Run, hidden: boolean, pairs = BOTH): void {
  const { name, program, inputs, batch } = run;
  const { kernels } = builder;
  const options = { weights: hidden ? "hidden" : "public", proofs: 4, batch: 1 } as const;
  const { provingKey, verificationKey } = setup(kernels, program, options);
  const prover = new NativeProver(kernels, provingKey, hidden ? new MemorySlotCounter() : null);
  const key = builder.addKey(`key of ${name}`, verificationKey);
  for (const [input, output] of pairs) {
    const visibilities: Visibilities = { input, weights: hidden ? "private" : "public", output };
    const context = new TextEncoder().encode(`${input}, ${output}`);
    const { proof } = prover.prove({ inputs, batch, visibilities, context });
    builder.proofCase(`${name}: ${input} input, ${output} output`, key, proof, "accepted");
  }
}

const RANDOM_PROGRAMS = 8;

export function validCases(builder: SuiteBuilder): void {
  for (const name of Object.keys(VICTIMS) as VictimName[]) {
    const program = VICTIMS[name]();
    const run = { name, program, inputs: victimInputs(program), batch: 1 };
    proveRun(builder, run, program.constants.length > 0);
  }
  // Tensors of more cells than a row holds, with rows that are filled in part.
  const wide = denseProgram({ input: 37, hidden: 43, output: 5 });
  const wideInputs = wide.inputs.map((_, i) => randomInput(wide, 1, 9, i));
  proveRun(builder, { name: "wide", program: wide, inputs: wideInputs, batch: 1 }, true, BOTH.slice(1, 2));
  const many = wide.inputs.map((_, i) => randomInput(wide, 50, 9, i));
  proveRun(
    builder,
    { name: "wide, batch of 50", program: wide, inputs: many, batch: 50 },
    false,
    BOTH.slice(1, 2),
  );
  const dense = denseProgram({ input: 11, hidden: 7, output: 5 });
  const inputs = dense.inputs.map((_, i) => randomInput(dense, 3, 7, i));
  proveRun(builder, { name: "dense, public weights, batch of 3", program: dense, inputs, batch: 3 }, false);
  let proven = 0;
  for (let seed = 0; proven < RANDOM_PROGRAMS; seed++) {
    const program = randomExactProgram(seed, 1 + (seed % 9));
    const random = program.inputs.map((_, i) => randomInput(program, 2, seed, i));
    const run = { name: `random program ${seed}`, program, inputs: random, batch: 2 };
    try {
      proveRun(builder, run, program.constants.length > 0, BOTH.slice(seed % 3, (seed % 3) + 1));
      proven++;
    } catch (error) {
      // Some random programs hold maxima too wide for a table.
      if ((error as { code?: string }).code !== "program.rangeTooLarge") throw error;
    }
  }
}
