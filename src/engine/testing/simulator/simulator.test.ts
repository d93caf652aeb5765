/**
 * The simulator of docs/spec/20-zero-knowledge.md: from public information alone it makes keys and proofs that the verifier
 * accepts, all of its checks included, if its challenges come from an oracle that the simulator has programmed.
 */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FixedTranscript } from "../../../commitment/testing/fixedTranscript.ts";
import { createKernels } from "../../../kernels/createKernels.ts";
import { runProgram } from "../../../program/interpreter.ts";
import type { Program } from "../../../program/program.ts";
import { programStructure } from "../../../program/programStructure.ts";
import type { Visibilities, Visibility } from "../../../relations/visibility.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import { withEpochs } from "../../epoch/verifier/checkCertificate.ts";
import { NativeProver } from "../../prover/nativeProver.ts";
import { setup } from "../../prover/setup.ts";
import { readVerificationKey } from "../../verificationKey.ts";
import { checkVerificationKey, verify, verifyWithKey } from "../../verifier/verify.ts";
import { VICTIMS, type VictimName, victimInputs } from "../cheatVictims.ts";
import { MemorySlotCounter } from "../memorySlotCounter.ts";
import { ProgrammedTranscript } from "./programmedTranscript.ts";
import { type PublicModel, type PublicRun, type SimulatedProofs, simulateModel } from "./simulatedModel.ts";

const diversion = vi.hoisted((): { of: (transcript: Transcript) => Transcript } => ({ of: (t) => t }));

vi.mock("../../keyLayout.ts", async (importActual) => {
  const actual = await importActual<typeof import("../../keyLayout.ts")>();
  return {
    ...actual,
    inferenceTranscript: (bytes: Uint8Array) => diversion.of(actual.inferenceTranscript(bytes)),
    weightTranscript: (digest: Uint8Array) => diversion.of(actual.weightTranscript(digest)),
  };
});

vi.mock("../../epoch/certificate.ts", async (importActual) => {
  const actual = await importActual<typeof import("../../epoch/certificate.ts")>();
  return {
    ...actual,
    certificateTranscript: (header: Uint8Array) => diversion.of(actual.certificateTranscript(header)),
  };
});

afterEach(() => {
  diversion.of = (transcript) => transcript;
});

const CONTEXT = new TextEncoder().encode("simulated");

/** What the verifier says if its oracle is the one that the simulator has programmed. */
function verdictOf(simulated: SimulatedProofs, proof: Uint8Array): string {
  diversion.of = (transcript) => new ProgrammedTranscript(transcript, simulated.oracle);
  const checked = checkVerificationKey(simulated.verificationKey);
  const known = checked.ok ? withEpochs(checked.key, simulated.certificates) : checked;
  const verdict = known.ok ? verifyWithKey(proof, known.key) : known;
  diversion.of = (transcript) => transcript;
  return verdict.ok ? "accepted" : verdict.error.code;
}

interface Case {
  readonly name: string;
  readonly victim: VictimName;
  readonly seen: readonly [input: Visibility, weights: Visibility, output: Visibility];
}

const CASES: readonly Case[] = [
  { name: "dense, hidden weights, public output", victim: "dense", seen: ["private", "private", "public"] },
  { name: "argmax, all private", victim: "argmax", seen: ["private", "private", "private"] },
  {
    name: "windows and groups, all private",
    victim: "convolutional",
    seen: ["private", "private", "private"],
  },
  {
    name: "windows and groups, public output",
    victim: "convolutional",
    seen: ["private", "private", "public"],
  },
  {
    name: "convolution of a public input",
    victim: "convolutional",
    seen: ["public", "private", "committed"],
  },
  {
    name: "wiring, committed input, public output",
    victim: "wiring",
    seen: ["committed", "private", "public"],
  },
  { name: "dense, public weights", victim: "dense", seen: ["private", "public", "public"] },
  {
    name: "public weights, committed values",
    victim: "convolutional",
    seen: ["committed", "public", "committed"],
  },
  { name: "no weights at all", victim: "elementwise", seen: ["private", "public", "public"] },
];

/** The public part of a run. The run itself stays here. */
function publicPart(
  program: Program,
  seen: Case["seen"],
): { model: PublicModel; run: PublicRun; inputs: readonly Int32Array[] } {
  const [input, weights, output] = seen;
  const visibilities: Visibilities = { input, weights, output };
  const inputs = victimInputs(program);
  const { outputs } = runProgram(program, inputs, 1);
  return {
    model: {
      structure: programStructure(program),
      constants: weights === "public" ? program.constants : null,
      budget: 2,
    },
    run: {
      visibilities,
      batch: 1,
      inputs: input === "public" ? inputs : null,
      outputs: output === "public" ? outputs : null,
      context: CONTEXT,
    },
    inputs,
  };
}

describe.each(CASES)("a simulated proof ($name)", ({ victim, seen }) => {
  const program = VICTIMS[victim]();
  const { model, run, inputs } = publicPart(program, seen);
  const simulated = simulateModel(createKernels(), model, [run], "one");

  it("is accepted by the verifier, and so is the simulated key", () => {
    expect(verdictOf(simulated, simulated.proofs[0])).toBe("accepted");
  });

  it("is refused under an oracle that nobody has programmed", () => {
    const verdict = verify(simulated.proofs[0], simulated.verificationKey);
    expect(verdict.ok).toBe(false);
  });

  it("has the length of an honest one, which passes under chosen challenges as well", () => {
    diversion.of = () => new FixedTranscript("honest");
    const kernels = createKernels();
    const hidden = seen[1] !== "public";
    const options = { weights: hidden ? "hidden" : "public", proofs: 2, batch: 1 } as const;
    const { provingKey } = setup(kernels, program, options);
    const prover = new NativeProver(kernels, provingKey, hidden ? new MemorySlotCounter() : null);
    const { proof } = prover.prove({ inputs, batch: 1, visibilities: run.visibilities, context: CONTEXT });
    expect(verify(proof, provingKey.verificationKey)).toEqual(expect.objectContaining({ ok: true }));
    expect(readVerificationKey(provingKey.verificationKey).parameters).toEqual(
      readVerificationKey(simulated.verificationKey).parameters,
    );
    // Merkle paths are as long as the positions make them.
    expect(Math.abs(proof.length - simulated.proofs[0].length)).toBeLessThan(0.2 * proof.length);
  });
});

describe("what the simulator cannot do", () => {
  const { model, run } = publicPart(VICTIMS.dense(), ["private", "private", "public"]);
  const simulated = simulateModel(createKernels(), model, [run], "one");
  const [proof] = simulated.proofs;

  it("change a word of its proof: the oracle is programmed for what it said", () => {
    for (const at of [Math.floor(proof.length / 4), Math.floor(proof.length / 2), proof.length - 100]) {
      const changed = proof.slice();
      changed[at] ^= 1;
      expect(verdictOf(simulated, changed)).not.toBe("accepted");
    }
  });

  it("use it for another statement", () => {
    const other = simulateModel(createKernels(), model, [{ ...run, context: new Uint8Array([1]) }], "one");
    expect(verdictOf(simulated, other.proofs[0])).not.toBe("accepted");
  });
});

describe("proofs that share a weight commitment", () => {
  const { model, run } = publicPart(VICTIMS.dense(), ["private", "private", "public"]);

  it("are simulated together up to the budget, with the range proof", () => {
    const simulated = simulateModel(createKernels(), model, [run, run], "budget");
    expect(simulated.proofs.map((proof) => verdictOf(simulated, proof))).toEqual(["accepted", "accepted"]);
    const { parameters } = readVerificationKey(simulated.verificationKey);
    expect(simulated.weightColumns).toBeGreaterThan(parameters.queries);
    expect(simulated.weightColumns).toBeLessThanOrEqual(parameters.weightUses * parameters.queries);
  });

  it("are simulated with a certificate and proofs of the epoch that it introduces", () => {
    const simulated = simulateModel(createKernels(), model, [run, { ...run, inEpoch: true }], "epoch");
    expect(simulated.certificates).toHaveLength(1);
    expect(simulated.proofs.map((proof) => verdictOf(simulated, proof))).toEqual(["accepted", "accepted"]);
    const uncertified = { ...simulated, certificates: [] };
    expect(verdictOf(uncertified, simulated.proofs[1])).toBe("statement.epoch");
  });
});

it("nothing that the simulator is made of reaches a witness, a run or the prover's masks", () => {
  const seen = new Set<string>();
  const visit = (file: URL): void => {
    if (seen.has(file.pathname)) return;
    seen.add(file.pathname);
    const source = readFileSync(file, "utf8");
    for (const [, clause, path] of source.matchAll(/^(?:import|export) (type )?[^;]*?from "(\.[^"]+)";/gms)) {
      if (clause === undefined) visit(new URL(path, file));
    }
  };
  visit(new URL("./simulatedModel.ts", import.meta.url));
  const reached = [...seen].map((path) => path.slice(path.indexOf("/src/") + 1));
  expect(reached).toContain("src/relations/reduce.ts");
  const knowing =
    /witness|interpreter|program.run|secretStream|(opening|native|masking.|lookup.|products.|views.|linear.)[pP]rover|prove(Payload|Layer)?[.]ts/;
  expect(reached.filter((path) => knowing.test(path))).toEqual([]);
});
