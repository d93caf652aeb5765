/** Keys about programs so large that planning them would keep a verifier busy: refused by what they hold, before it is planned. */
import { describe, expect, it } from "vitest";
import type { Program } from "../program/program.ts";
import { programStructureBytes } from "../program/serialise.ts";
import { MAX_PARTS, MAX_STRUCTURE_BYTES } from "../program/sizeLimits.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { MAX_PIECES, MAX_PLAN_COST, PART_COST } from "../relations/tableLimits.ts";
import { jaggedClamps, reshapeChain } from "./testing/hostilePrograms.ts";
import { writeVerificationKey } from "./verificationKey.ts";
import { checkVerificationKey } from "./verifier/verify.ts";

const parameters = {
  logColumns: 10,
  logLength: 13,
  queries: 126,
  grindBits: 16,
  weightUses: 0,
  dataUses: 4,
  levels: [],
};
const noOutputs = { input: "private", weights: "public", output: "private" } as const;

function keyOf(program: Program): Uint8Array {
  const weights = { kind: "public", constants: [] } as const;
  return writeVerificationKey({ program, parameters, proofBudget: 0, weights });
}

/** A key whose structure is these bytes, whatever they are. */
function keyAround(structure: Uint8Array): Uint8Array {
  const head = new Uint8Array([...new TextEncoder().encode("TPVK"), 1, 0, 0, 0, 0, 0]);
  new DataView(head.buffer).setUint32(6, structure.length, true);
  const bytes = new Uint8Array(head.length + structure.length);
  bytes.set(head);
  bytes.set(structure, head.length);
  return bytes;
}

function codeOf(key: Uint8Array): string {
  const verdict = checkVerificationKey(key);
  return verdict.ok ? "accepted" : verdict.error.code;
}

/** Where the number of operators stands: behind magic, version, mode, name and the number of inputs. */
function placeOfOperators(structure: Uint8Array): number {
  return 4 + 2 + 1 + 2 + (structure[7] + 256 * structure[8]) + 4;
}

describe("parts of a program", () => {
  /** Of a reshape: its term and the label of the batch, read once. */
  const costOfReshape = PART_COST + 16 * 2;
  const most = Math.floor((MAX_PLAN_COST - PART_COST) / costOfReshape);

  it("may be as many as planning pays for, and not one more", { timeout: 300_000 }, () => {
    expect(codeOf(keyOf(reshapeChain(most)))).toBe("accepted");
    expect(codeOf(keyOf(reshapeChain(most + 1)))).toBe("program.tablesTooLarge");
  });

  it("are counted before any of them is read", () => {
    const structure = programStructureBytes(reshapeChain(1));
    const claiming = (count: number): Uint8Array => {
      const bytes = new Uint8Array(structure.length + 40 * MAX_PARTS);
      bytes.set(structure);
      new DataView(bytes.buffer).setUint32(placeOfOperators(structure), count, true);
      return bytes;
    };
    expect(codeOf(keyAround(claiming(MAX_PARTS)))).toBe("program.tooLarge");
    // With its input as many as there may be: refused for what is read then.
    expect(codeOf(keyAround(claiming(MAX_PARTS - 1)))).not.toBe("program.tooLarge");
  });

  it("are counted with the constants", () => {
    const structure = programStructureBytes(reshapeChain(1));
    const place = structure.length - 4 - 4 - (1 + 2 + "reshape 0".length + 4) - 4;
    const bytes = new Uint8Array(structure.length + 40 * MAX_PARTS);
    bytes.set(structure);
    new DataView(bytes.buffer).setUint32(place, MAX_PARTS - 1, true);
    expect(codeOf(keyAround(bytes))).toBe("program.tooLarge");
    new DataView(bytes.buffer).setUint32(place, MAX_PARTS - 2, true);
    expect(codeOf(keyAround(bytes))).not.toBe("program.tooLarge");
  });

  it("are as few for those who write a program", () => {
    const tooMany = { name: "TensorproofError", code: "program.tooLarge" };
    expect(() => programStructureBytes(reshapeChain(MAX_PARTS))).toThrow(expect.objectContaining(tooMany));
  });
});

describe("bytes of a program", () => {
  it("are bounded before any of them is read", () => {
    expect(codeOf(keyAround(new Uint8Array(MAX_STRUCTURE_BYTES)))).toBe("program.notCanonical");
    expect(codeOf(keyAround(new Uint8Array(MAX_STRUCTURE_BYTES + 1)))).toBe("program.tooLarge");
  });

  it("are as few for those who write a program", () => {
    const domain = { lo: -(2 ** 15), hi: 2 ** 15 - 1 };
    const values = new Int32Array(2 ** 16);
    const count = MAX_STRUCTURE_BYTES / (4 * values.length);
    const clamps = jaggedClamps(count, 1);
    const operators = clamps.operators.map((operator) => ({
      ...operator,
      function: { domain, map: { kind: "values", values } },
    }));
    const tensors = clamps.tensors.map((tensor, id) =>
      id === 0 ? { ...tensor, range: domain } : { ...tensor, range: { lo: 0, hi: 0 } },
    );
    const program = { ...clamps, tensors, operators } as Program;
    expect(() => programStructureBytes(program)).toThrow(
      expect.objectContaining({ code: "program.tooLarge" }),
    );
  });
});

describe("lookups of many jagged axes", () => {
  const pieces = (count: number): number => {
    const { sections } = planInference(jaggedClamps(count, 6), noOutputs, 1).plan;
    return sections.filter(({ multiplicity }) => multiplicity === null).length;
  };

  it("are cut into no more pieces than a plan may have", () => {
    const each = pieces(2) / 3;
    // The input's range and its clamps; cut as long as they make few enough pieces together.
    expect(each).toBeGreaterThan(30);
    const most = Math.floor(MAX_PIECES / each);
    expect(pieces(most - 1)).toBe(each * most);
    expect(pieces(most)).toBe(most + 1);
  });
});
