import { describe, expect, it } from "vitest";
import type { Opening } from "../commitment/opening.ts";
import { EXT_WORDS, type Ext } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { type CheatRequest, cheatingSetup } from "./testing/cheatingProver.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { denseVerdict } from "./testing/denseVerdict.ts";
import { OpeningForger, satisfyEvaluation } from "./testing/openingForger.ts";
import { checkVerificationKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 11, hidden: 7, output: 5 });
const key = cheatingSetup(kernels, program, program.constants, undefined, []);
const result = checkVerificationKey(key.verificationKey);
if (!result.ok) throw new Error(result.error.code);
const checked = result.key;
const { queries } = checked.key.parameters;

const codeOf = (deviation: Partial<CheatRequest>): string => denseVerdict(kernels, key, checked, deviation);

function plusOne(value: Ext): Ext {
  return [(value[0] + 1) % P, value[1], value[2], value[3]];
}

function editHead(edit: (head: Opening["head"]) => Partial<Opening["head"]>): Partial<CheatRequest> {
  return { opening: (opening) => ({ ...opening, head: { ...opening.head, ...edit(opening.head) } }) };
}

/** Changes the opened columns and salts of one tree in place. */
function editTree(
  tree: number,
  edit: (columns: Uint32Array, salts: Uint8Array) => void,
): Partial<CheatRequest> {
  return {
    opening: (opening) => {
      edit(opening.trees[tree].columns, opening.trees[tree].salts);
      return opening;
    },
  };
}

const wrongScore = (tensor: string, values: Int32Array): void => {
  if (tensor === "scores") values[1]++;
};

describe("a prover that cheats in the opening", () => {
  it("cannot send another vector", () => {
    const forger = new OpeningForger((vector) => {
      vector[0] = (vector[0] + 1) % P;
    });
    expect(codeOf({ forger })).toBe("opening.evaluation");
  });

  it("cannot bend the vector to a false claim", () => {
    const honest = new OpeningForger(satisfyEvaluation);
    expect(codeOf({ forger: honest }), "nothing to bend").toBe("accepted");
    const forger = new OpeningForger(satisfyEvaluation);
    expect(codeOf({ forger, tamper: wrongScore })).toBe("opening.column");
  });

  it("cannot change the vector beyond the data, which no claim sees", () => {
    const forger = new OpeningForger((vector, { layout }) => {
      const at = EXT_WORDS * 2 ** layout.parameters.logColumns;
      vector[at] = (vector[at] + 1) % P;
    });
    expect(codeOf({ forger })).toBe("opening.column");
  });

  it("cannot change mask sum, rounds or proximity value afterwards", () => {
    expect(codeOf(editHead(({ maskSum }) => ({ maskSum: plusOne(maskSum) })))).toBe("opening.evaluation");
    expect(codeOf(editHead(({ proximity }) => ({ proximity: plusOne(proximity) })))).toBe(
      "opening.evaluation",
    );
    const first = editHead(({ rounds }) => ({
      rounds: rounds.map((round, i) => (i === 0 ? { ...round, c2: plusOne(round.c2) } : round)),
    }));
    expect(codeOf(first)).toBe("opening.evaluation");
    const last = editHead(({ rounds }) => ({
      rounds: rounds.map((round, i) =>
        i === rounds.length - 1 ? { ...round, c0: plusOne(round.c0) } : round,
      ),
    }));
    expect(codeOf(last)).toBe("opening.evaluation");
  });

  it("cannot do without the work", () => {
    // The prover sends the smallest nonce that works, so the one before it does not.
    const lazy = editHead(({ nonce }) => ({ nonce: nonce === 0 ? 1 : nonce - 1 }));
    expect(codeOf(lazy)).toBe("opening.grind");
  });

  it.each([0, 1])("cannot open tree %i elsewhere or otherwise", (tree) => {
    const swapped = editTree(tree, (columns, salts) => {
      const numRows = columns.length / queries;
      const first = columns.slice(0, numRows);
      columns.copyWithin(0, numRows, 2 * numRows);
      columns.set(first, numRows);
      const salt = salts.slice(0, 32);
      salts.copyWithin(0, 32, 64);
      salts.set(salt, 32);
    });
    expect(codeOf(swapped), "columns of two positions exchanged").toBe("opening.root");
    const altered = editTree(tree, (columns) => {
      columns[columns.length - 1] = (columns[columns.length - 1] + 1) % P;
    });
    expect(codeOf(altered), "one word").toBe("opening.root");
    const salted = editTree(tree, (_, salts) => {
      salts[salts.length - 1] ^= 1;
    });
    expect(codeOf(salted), "one salt").toBe("opening.root");
  });

  it("cannot commit to words that are not those of its rows", () => {
    const dishonest = (real: KernelSet): KernelSet => {
      const encode: KernelSet["circleEncodeRows"] = (dst, ...rest) => {
        real.circleEncodeRows(dst, ...rest);
        const words = real.words.subarray(dst / 4, dst / 4 + 2 ** rest[5]);
        for (let i = 0; i < words.length; i++) words[i] = (words[i] + 1 + i) % P;
      };
      return new Proxy(real, {
        get: (target, name) => {
          if (name === "circleEncodeRows") return encode;
          const value = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    };
    expect(codeOf({ kernels: dishonest })).toBe("opening.column");
  });

  it("cannot change any scalar of the transcript", () => {
    const labels = new Map<string, number[]>();
    codeOf({
      message: (label, value, index) => {
        labels.set(label, [...(labels.get(label) ?? []), index]);
        return value;
      },
    });
    expect(labels.size).toBeGreaterThan(9);
    for (const [label, indices] of labels) {
      for (const index of new Set([indices[0], indices[indices.length >> 1], indices[indices.length - 1]])) {
        const message = (_: string, value: Ext, i: number): Ext => (i === index ? plusOne(value) : value);
        expect(codeOf({ message }), `${label}, scalar ${index}`).toBe("opening.evaluation");
      }
    }
  });
});
