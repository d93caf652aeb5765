/** Noir packages, compiled and executed where Noir is installed: same outputs, and no proof for hints that are wrong. */
import { describe, expect, it } from "vitest";
import { poseidon2Commitment } from "../../src/backends/noir/commitment.ts";
import { noirProject } from "../../src/backends/noir/noirProject.ts";
import { runInputs } from "../../src/backends/noir/runInputs.ts";
import { publicSignals } from "../../src/backends/r1cs/publicSignals.ts";
import { signedInteger } from "../../src/backends/r1cs/scalarField.ts";
import { DIGEST, SALTS } from "../../src/backends/r1cs/testing/runCircuit.ts";
import { writeKey } from "../../src/backends/ultrahonk/nodeBarretenberg.ts";
import { findTools, runNoir } from "../../src/backends/ultrahonk/nodeTools.ts";
import { insecureReferenceString } from "../../src/backends/ultrahonk/referenceString.ts";
import { runProgram } from "../../src/program/interpreter.ts";
import type { Program } from "../../src/program/program.ts";
import { ProgramDraft } from "../../src/program/testing/programDraft.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { randomInput, randomProgram } from "../../src/program/testing/randomProgram.ts";
import type { Visibilities } from "../../src/relations/visibility.ts";
import { hasPeer } from "./peers.ts";

const isAbsent = hasPeer("@aztec/bb.js") ? null : "Noir is not installed; npm run peers -- noir does";
const LIMIT_MS = 300_000;
const OPEN: Visibilities = { input: "private", weights: "public", output: "public" };
const HIDDEN: Visibilities = { input: "committed", weights: "private", output: "public" };
const PROGRAM = "program.json";
/** What Noir says where a witness breaks a constraint; with the text of an assertion where it has one. */
const UNSATISFIED = /Cannot satisfy constraint|Circuit execution failed/;

type Files = Readonly<Record<string, string>>;

async function compile(files: Files): Promise<Uint8Array> {
  return (await runNoir(await findTools(), "compile", files, [PROGRAM], LIMIT_MS))[PROGRAM];
}

async function execute(circuit: Uint8Array, inputs: unknown): Promise<unknown> {
  const given = { [PROGRAM]: circuit, "inputs.json": JSON.stringify(inputs) };
  const made = await runNoir(await findTools(), "execute", given, ["outputs.json"], LIMIT_MS);
  return JSON.parse(new TextDecoder().decode(made["outputs.json"]));
}

function argumentsOf(
  program: Program,
  visibilities: Visibilities,
  batch: number,
  inputs: readonly Int32Array[],
) {
  const project = noirProject(program, { visibilities, batch, bindsStatement: true });
  const rows = program.inputs.map((id, i) => ({ range: program.tensors[id].range, values: inputs[i] }));
  const weights = program.constants.map(({ range, data }) => ({ range, values: data }));
  const signals = publicSignals({
    digest: DIGEST,
    commitments: {
      ...(visibilities.weights === "public" ? {} : { weights: poseidon2Commitment(SALTS.weights, weights) }),
      ...(visibilities.input === "committed" ? { input: poseidon2Commitment(SALTS.input, rows) } : {}),
    },
    inputs: [],
    outputs: [],
  });
  return { project, values: runInputs(project, visibilities, { signals, salts: SALTS, inputs }) };
}

async function expectExact(program: Program, visibilities: Visibilities, batch: number): Promise<void> {
  const inputs = program.inputs.map((_, i) => randomInput(program, batch, 11 + i, i));
  const { project, values } = argumentsOf(program, visibilities, batch, inputs);
  const circuit = await compile(Object.fromEntries(project.files));
  const returned = (await execute(circuit, values)) as string[] | string[][];
  const expected = runProgram(program, inputs, batch).outputs.flatMap((row) => Array.from(row));
  expect(returned.flat().map((value) => Number(signedInteger(BigInt(value))))).toEqual(expected);
}

/** Rounding by shifts, bounds, a table and steps; a quotient; an entry chosen by data; the largest. */
function hintedProgram(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([4], { lo: -500, hi: 700 });
  const index = draft.input([2], { lo: 0, hi: 3 });
  const clamp = { domain: { lo: -128, hi: 127 }, map: { kind: "clamp", lo: 0, hi: 63 } } as const;
  const relu = draft.add({ kind: "requantise", input: x, shift: 3, rounding: "half-up", function: clamp });
  const values = Int32Array.from({ length: 256 }, (_, i) => (i * i * 7) % 91);
  const table = { domain: { lo: -128, hi: 127 }, map: { kind: "values", values } } as const;
  const looked = draft.add({ kind: "requantise", input: x, shift: 3, rounding: "half-up", function: table });
  const stepped = draft.add({
    kind: "rescale",
    input: x,
    rounding: "float-half-even",
    multipliers: [{ multiplier: 0.5, shift: 0 }],
    zeroPoint: 3,
    lo: -128,
    hi: 127,
  });
  const one = draft.add({ kind: "combine", inputs: [relu], factors: [1], offset: 1 });
  draft.add({ kind: "divide", numerator: looked, denominator: one });
  draft.add({ kind: "gather", table: stepped, index, batchAxes: 0 });
  draft.add({ kind: "argmax", input: relu });
  return draft.program("every hint");
}

/** The same circuit with another hint: unconstrained functions are the prover's own business. */
const CHEATS: readonly (readonly [string, string, string, string])[] = [
  [
    "a quotient one too large",
    "rounding",
    "(above as u128) / (divisor as u128)) as Field",
    "(above as u128) / (divisor as u128) + 1) as Field",
  ],
  [
    "a quotient in the field, with remainder 0",
    "rounding",
    "((above as u128) / (divisor as u128)) as Field",
    "above / divisor",
  ],
  [
    "a sign turned round",
    "rounding",
    "(x + middle) as u128 >= middle as u128",
    "(x + middle) as u128 < middle as u128",
  ],
  [
    "the next entry of a table",
    "rounding",
    "((above as u128) / (divisor as u128)) as u32",
    "((above as u128) / (divisor as u128) + 1) as u32",
  ],
  ["the next step", "rounding", "            step = i;", "            step = i + 1;"],
  ["another entry chosen", "elements", "    x as u32\n", "    x as u32 ^ 1\n"],
];

describe.skipIf(isAbsent !== null)(
  `Noir packages${isAbsent === null ? "" : ` (skipped: ${isAbsent})`}`,
  () => {
    const seeds = process.env.TENSORPROOF_HEAVY === "1" ? 24 : 3;
    for (const seed of Array.from({ length: seeds }, (_, i) => i)) {
      it(
        `compute what programs of every operator say, seed ${seed}`,
        async () => {
          await expectExact(randomExactProgram(seed), OPEN, 1 + (seed % 2));
          if (seed % 3 === 0) await expectExact(randomExactProgram(seed), HIDDEN, 1);
        },
        LIMIT_MS,
      );
      it(
        `compute layers with tables, seed ${seed}`,
        async () => {
          await expectExact(randomProgram(seed), seed % 2 === 0 ? HIDDEN : OPEN, 1);
        },
        LIMIT_MS,
      );
    }

    it(
      "have no witness for a wrong hint, in the very same circuit",
      async () => {
        const program = hintedProgram();
        const inputs = [Int32Array.of(-17, 300, 699, 41), Int32Array.of(1, 2)];
        const { project, values } = argumentsOf(program, OPEN, 1, inputs);
        const files = Object.fromEntries(project.files);
        const barretenberg = { tools: await findTools(), limitMs: LIMIT_MS };
        const { g1 } = insecureReferenceString(2 ** 13 + 1);
        const honest = await compile(files);
        const outputs = (await execute(honest, values)) as string[][];
        expect(outputs.flat().map((value) => Number(signedInteger(BigInt(value))))).toEqual(
          runProgram(program, inputs, 1).outputs.flatMap((row) => Array.from(row)),
        );
        const key = await writeKey(barretenberg, honest, g1);
        for (const [name, module, from, to] of CHEATS) {
          const path = `src/${module}.nr`;
          expect(files[path], name).toContain(from);
          const cheating = await compile({ ...files, [path]: files[path].replace(from, to) });
          expect(await writeKey(barretenberg, cheating, g1), name).toEqual(key);
          await expect(execute(cheating, values), name).rejects.toThrow(UNSATISFIED);
        }
      },
      LIMIT_MS,
    );

    it(
      "have no witness for an input outside its range, or for another commitment",
      async () => {
        const program = randomProgram(1);
        const inputs = program.inputs.map((_, i) => randomInput(program, 1, 5 + i, i));
        const { project, values } = argumentsOf(program, HIDDEN, 1, inputs);
        const circuit = await compile(Object.fromEntries(project.files));
        await execute(circuit, values);
        const [id] = program.inputs;
        const beyond = [
          String(program.tensors[id].range.hi + 1),
          ...(values[project.names.tensors[id]] as string[]).slice(1),
        ];
        for (const changed of [
          { [project.names.tensors[id]]: beyond },
          { commitment_x: "1" },
          { commitment_w: "1" },
          { salt_w: "12" },
        ])
          await expect(execute(circuit, { ...values, ...changed })).rejects.toThrow(UNSATISFIED);
      },
      LIMIT_MS,
    );
  },
);
