/** What every backend that proves the Program itself must do, as tests. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BACKEND_NAMES,
  type BackendKeys,
  type BackendName,
  type BackendProof,
  type BackendVerdict,
  type KeyPair,
  type ProofBackend,
} from "../../src/backends/proofBackend.ts";
import { loadBackend } from "../../src/backends/registry.ts";
import type { Statement } from "../../src/engine/statement.ts";
import { runProgram } from "../../src/program/interpreter.ts";
import type { Program } from "../../src/program/program.ts";
import type { Visibilities } from "../../src/relations/visibility.ts";
import { smallInput, smallProgram } from "./smallProgram.ts";

const OPEN: Visibilities = { input: "private", weights: "public", output: "public" };
const HIDDEN: Visibilities = { input: "committed", weights: "private", output: "public" };
const CONTEXT = new TextEncoder().encode("conformance");

interface Proven {
  readonly keys: BackendKeys;
  readonly made: BackendProof;
  readonly outputs: readonly Int32Array[];
}

async function proveWith(
  backend: ProofBackend,
  program: Program,
  visibilities: Visibilities,
  batch: number,
): Promise<Proven> {
  const circuit = await backend.compile(program, { visibilities, batch });
  const keys = await circuit.setup({ trustedSetup: { kind: "insecure" } });
  const witness = await circuit.witness({ inputs: [smallInput(batch)], context: CONTEXT }, keys);
  if (witness.outputs === null) throw new Error("an exact backend has outputs of the program");
  return { keys, made: await witness.prove(), outputs: witness.outputs };
}

/** The proof with one bit of one byte flipped. */
function flipped(proof: Uint8Array, at: number): Uint8Array {
  const changed = proof.slice();
  changed[at] ^= 1;
  return changed;
}

export interface BackendUnderTest {
  readonly name: BackendName;
  /** Why the backend cannot run here, or null. */
  readonly isAbsent: string | null;
  /** Whether a hash in the circuit takes it minutes: only proven where expensive tests are asked for. */
  readonly isSlow: boolean;
}

export function describeBackend({ name, isAbsent, isSlow }: BackendUnderTest): void {
  const skipsHashes = isSlow && process.env.TENSORPROOF_HEAVY !== "1";
  const title = isAbsent === null ? name : `${name} (skipped: ${isAbsent})`;
  describe.skipIf(isAbsent !== null)(title, () => {
    const program = smallProgram(1);
    let backend: ProofBackend;
    let open: Proven;
    const verify = async (proof: Uint8Array, keys: KeyPair = open.keys): Promise<string> => {
      const verdict = await backend.verify(proof, keys.verificationKey);
      return verdict.ok ? "ok" : verdict.error.code;
    };

    beforeAll(async () => {
      backend = await loadBackend(name);
      open = await proveWith(backend, program, OPEN, 1);
    }, 300_000);
    afterAll(() => backend?.dispose());

    it("says what it is", () => {
      const { capabilities } = backend;
      expect(BACKEND_NAMES).toContain(backend.name);
      expect(capabilities.trust).not.toBe("");
      expect(capabilities.trustedSetup === "none").toBe(open.keys.warnings.length === 0);
      for (const times of [open.keys.times, open.made.times])
        for (const value of Object.values(times)) expect(value).toBeGreaterThanOrEqual(0);
      expect(open.made.payloadBytes).toBeLessThanOrEqual(open.made.proof.length);
    });

    it("computes what the interpreter computes, and its proof says so", async () => {
      expect(open.outputs).toEqual(runProgram(program, [smallInput(1)], 1).outputs);
      const verdict = await backend.verify(open.made.proof, open.keys.verificationKey);
      const statement = statementOf(verdict);
      expect(statement.outputs.map(({ values }) => values)).toEqual(open.outputs);
      expect(statement.inputs.map(({ values }) => values)).toEqual([null]);
      expect(statement.context).toEqual(CONTEXT);
      expect(statement.visibilities).toEqual(OPEN);
    });

    it("refuses a proof with any byte changed", async () => {
      const { proof, payloadBytes } = open.made;
      const payloadAt = proof.length - payloadBytes;
      const places = [0, 5, 6, 12, 47, 80, payloadAt - 1, payloadAt, payloadAt + 40, proof.length - 1];
      for (const at of places) expect(await verify(flipped(proof, at)), `byte ${at}`).not.toBe("ok");
      expect(await verify(proof.subarray(0, proof.length - 1))).not.toBe("ok");
      expect(await verify(new Uint8Array())).not.toBe("ok");
      expect(await verify(Uint8Array.of(...proof, 0))).not.toBe("ok");
    });

    it("refuses another output", async () => {
      const { proof } = open.made;
      const view = new DataView(proof.buffer, proof.byteOffset, proof.byteLength);
      const [score] = open.outputs[0];
      // The outputs stand in the statement as they are, one after the other.
      const at = Array.from({ length: proof.length - 8 }, (_, i) => i).find(
        (i) => view.getInt32(i, true) === score && view.getInt32(i + 4, true) === open.outputs[0][1],
      );
      if (at === undefined) throw new Error("the outputs are not in the proof");
      const forged = proof.slice();
      new DataView(forged.buffer).setInt32(at, score + 1, true);
      expect(await verify(forged)).not.toBe("ok");
    });

    it("refuses the key of another model, and of the same model set up again", async () => {
      const other = await proveWith(backend, smallProgram(2), OPEN, 1);
      expect(await verify(other.made.proof, other.keys)).toBe("ok");
      expect(await verify(open.made.proof, other.keys)).not.toBe("ok");
      expect(await verify(other.made.proof, open.keys)).not.toBe("ok");
    }, 300_000);

    const hides = "hides weights and binds a committed input, for a batch";
    const hidesTitle = skipsHashes ? `${hides} (skipped: minutes; TENSORPROOF_HEAVY=1 runs it)` : hides;
    it.skipIf(skipsHashes)(
      hidesTitle,
      async () => {
        const hidden = await proveWith(backend, program, HIDDEN, 2);
        expect(hidden.outputs).toEqual(runProgram(program, [smallInput(2)], 2).outputs);
        const verdict = await backend.verify(hidden.made.proof, hidden.keys.verificationKey);
        const { inputCommitment, weightSlot } = statementOf(verdict);
        expect(inputCommitment).not.toBeNull();
        expect(weightSlot).not.toBeNull();
        const commitmentAt = indexOf(hidden.made.proof, inputCommitment ?? new Uint8Array());
        expect(await verify(flipped(hidden.made.proof, commitmentAt + 31), hidden.keys)).not.toBe("ok");
      },
      600_000,
    );

    it("takes no input outside the declared range", async () => {
      const circuit = await backend.compile(program, { visibilities: OPEN, batch: 1 });
      const inputs = [smallInput(1).map((value, i) => (i === 0 ? 4096 : value))];
      await expect(circuit.witness({ inputs }, open.keys)).rejects.toMatchObject({ code: "input.range" });
    });
  });
}

function statementOf(verdict: BackendVerdict): Statement {
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.error));
  if (verdict.statement === null) throw new Error("an exact backend proves a statement");
  return verdict.statement;
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (part.every((byte, i) => bytes[at + i] === byte)) return at;
  throw new Error("not found");
}
