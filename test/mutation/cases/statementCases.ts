/** Honest proofs under another statement, and proofs made for a statement that the key does not allow. */

import type { Statement } from "../../../src/engine/statement.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
} from "../../../src/engine/testing/cheatingProver.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

type Edit = (statement: Statement) => Statement;

const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;

const slot =
  (number: number): Edit =>
  (s) => ({ ...s, weightSlot: s.weightSlot === null ? null : { ...s.weightSlot, slot: number } });
const output =
  (change: (value: Statement["outputs"][number]) => Partial<Statement["outputs"][number]>): Edit =>
  (s) => ({ ...s, outputs: s.outputs.map((value) => ({ ...value, ...change(value) })) });
const values = (change: (values: Int32Array) => Int32Array): Edit =>
  output((value) => ({ values: change((value.values as Int32Array).slice()) }));

/** What the statement says otherwise; the proof is made for it, so that nothing but the rule itself refuses it. */
const EDITS: readonly (readonly [string, Edit])[] = [
  ["another program", (s) => ({ ...s, programHash: new Uint8Array(32) })],
  ["another model", (s) => ({ ...s, modelIdentity: new Uint8Array(32) })],
  ["more security", (s) => ({ ...s, securityBits: s.securityBits + 1 })],
  ["less security", (s) => ({ ...s, securityBits: s.securityBits - 1 })],
  ["the last slot", slot(2)],
  ["a slot beyond the budget", slot(3)],
  ["another name of the output", output(() => ({ name: "result" }))],
  ["another shape of the output", output(({ shape }) => ({ shape: [1, ...shape] }))],
  ["another length of the output", output(({ shape }) => ({ shape: shape.map((n) => n + 1), values: null }))],
  ["a lower range", output(({ range }) => ({ range: { ...range, lo: range.lo - 1 } }))],
  ["a higher range", output(({ range }) => ({ range: { ...range, hi: range.hi + 1 } }))],
  ["another scale", output(({ quant }) => ({ quant: { ...quant, scale: 2 } }))],
  ["another zero point", output(({ quant }) => ({ quant: { ...quant, zeroPoint: 1 } }))],
  ["no output", (s) => ({ ...s, outputs: [] })],
  ["two outputs", (s) => ({ ...s, outputs: [...s.outputs, ...s.outputs] })],
  ["no input", (s) => ({ ...s, inputs: [] })],
  ["an output one larger", values((all) => all.map((x, i) => (i === 2 ? x + 1 : x)))],
  ["an output above its range", (s) => values((all) => all.fill(s.outputs[0].range.hi + 1, 0, 1))(s)],
  ["an output below its range", (s) => values((all) => all.fill(s.outputs[0].range.lo - 1, 0, 1))(s)],
  ["a batch of 2", (s) => values((all) => Int32Array.from([...all, ...all]))({ ...s, batch: 2 })],
  ["a context", (s) => ({ ...s, context: Uint8Array.of(1, 2, 3) })],
  ["a context of 4096 bytes", (s) => ({ ...s, context: new Uint8Array(4096) })],
  ["a context of 4097 bytes", (s) => ({ ...s, context: new Uint8Array(4097) })],
];

export function statementCases(builder: SuiteBuilder): void {
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const hidden = cheatingSetup(kernels, program, program.constants);
  const shown = publicCheatingSetup(kernels, program);
  const forge = (cheat: CheatingKey, request: Partial<CheatRequest>, weights: "private" | "public") => {
    const mark = kernels.mark();
    const proof = cheatProof(kernels, cheat, {
      inputs: [seededIntegers(5, 8, 0, 255)],
      batch: 1,
      visibilities: { input: "private", weights, output: "public" },
      ...request,
    });
    kernels.release(mark);
    return proof;
  };
  for (const [cheat, weights] of [
    [hidden, "private"],
    [shown, "public"],
  ] as const) {
    const key = builder.addKey(`${weights} weights`, cheat.verificationKey);
    const outcome = /^(accepted|[a-z]+\.[a-zA-Z]+)/;
    for (const [name, edit] of EDITS) {
      const named = `${weights} weights, ${name}`;
      builder.proofCase(`${named}, sent afterwards`, key, forge(cheat, { sent: edit }, weights), outcome);
      // A statement of another batch or number of values is none that a prover can work with.
      try {
        builder.proofCase(`${named}, proven`, key, forge(cheat, { statement: edit }, weights), outcome);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      }
    }
  }
  const key = builder.addKey("shown weights", shown.verificationKey);
  const weightSlot = { epochRoot: new Uint8Array(32), certificates: new Uint8Array(32), slot: 0 };
  const claimsHidden: Edit = (s) => ({
    ...s,
    weightSlot,
    visibilities: { ...s.visibilities, weights: "private" },
  });
  builder.proofCase(
    "hidden weights under a key that shows them",
    key,
    forge(shown, { sent: claimsHidden }, "public"),
    REFUSED,
  );
  const hiddenKey = builder.addKey("hidden weights", hidden.verificationKey);
  const claimsShown: Edit = (s) => ({
    ...s,
    weightSlot: null,
    visibilities: { ...s.visibilities, weights: "public" },
  });
  builder.proofCase(
    "shown weights under a key that hides them",
    hiddenKey,
    forge(hidden, { sent: claimsShown }, "private"),
    REFUSED,
  );
}
