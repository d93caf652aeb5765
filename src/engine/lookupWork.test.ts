import { expect, it, vi } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { lookupWorkBits } from "./security.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { verify } from "./verifier/verify.ts";

// Only plans of millions of lookups need work; a small one is made to ask for it here.
vi.mock("./security.ts", async (original) => ({
  ...(await original<typeof import("./security.ts")>()),
  lookupWorkBits: vi.fn(() => 6),
}));

it("asks for work before the lookup challenges, and binds its nonce", async () => {
  const kernels = createKernels({ threads: 1 });
  const program = denseProgram({ input: 9, hidden: 6, output: 4 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 1 });
  const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const { proof } = prover.prove({ inputs: [seededIntegers(7, 9, 0, 255)], batch: 1, visibilities });
  expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
  // The nonce follows the advice root; the statement's length stands before the statement.
  const view = new DataView(proof.buffer, proof.byteOffset);
  const statementAt = 4 + 2 + 1 + 4;
  const nonceAt = statementAt + view.getUint32(statementAt - 4, true) + 32;
  const codes = new Set<string>();
  for (let nonce = 0; nonce < 40; nonce++) {
    const forged = proof.slice();
    const changed = new DataView(forged.buffer);
    if (nonce === changed.getUint32(nonceAt, true)) continue;
    changed.setUint32(nonceAt, nonce, true);
    const verdict = verify(forged, verificationKey);
    codes.add(verdict.ok ? "accepted" : verdict.error.code);
  }
  expect(codes).toContain("lookup.work");
  expect(codes).not.toContain("accepted");
});

it("is asked for where the field alone leaves less than 100 bits", async () => {
  const { lookupWorkBits: real } = await vi.importActual<typeof import("./security.ts")>("./security.ts");
  const plan = (length: number, numColumns: number) => {
    const columns = Array.from({ length: numColumns }, () => ({ constant: 0, terms: [] }));
    const section = { name: "rows", axes: [length], tag: 1, columns, multiplicity: null };
    return { tensors: [], sections: [section], layers: [], equalities: [] };
  };
  expect(real(plan(2 ** 20, 2))).toBe(0);
  expect(real(plan(2 ** 22, 1))).toBe(1);
  expect(real(plan(2 ** 22, 4))).toBe(3);
  expect(real(plan(2 ** 25, 4))).toBe(5);
  expect(lookupWorkBits(plan(1, 1))).toBe(6);
});
