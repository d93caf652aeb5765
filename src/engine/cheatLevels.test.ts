/** A prover that deviates in one step of a level of recursion (docs/decisions/0009), at each level of a key with two. */
import { describe, expect, it } from "vitest";
import type { CombinationHead, OpenedLevel } from "../commitment/opening.ts";
import { innerShapes } from "../commitment/parameters.ts";
import { EXT_WORDS, type Ext } from "../field/ext.ts";
import { makeExtVector, setExt } from "../field/extVector.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { readExt4, writeExt4 } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { type CheatRequest, cheatingSetup } from "./testing/cheatingProver.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { denseVerdict } from "./testing/denseVerdict.ts";
import { bendUnseen, LevelForger } from "./testing/levelForger.ts";
import { checkVerificationKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 11, hidden: 7, output: 5 });
const LEVELS = [
  { logColumns: 7, logLength: 10, queries: 107, grindBits: 12 },
  { logColumns: 5, logLength: 9, queries: 98, grindBits: 12 },
];
const key = cheatingSetup(kernels, program, program.constants, undefined, LEVELS);
const result = checkVerificationKey(key.verificationKey);
if (!result.ok) throw new Error(`${result.error.code}: ${result.error.where}`);
const checked = result.key;
const shapes = innerShapes(checked.key.parameters);

const codeOf = (deviation: Partial<CheatRequest>): string => denseVerdict(kernels, key, checked, deviation);

function editLevel(index: number, edit: (level: OpenedLevel) => Partial<OpenedLevel>): Partial<CheatRequest> {
  return {
    opening: (opening) => ({
      ...opening,
      levels: opening.levels.map((level, i) => (i === index ? { ...level, ...edit(level) } : level)),
    }),
  };
}

function editHead(index: number, edit: (head: CombinationHead) => Partial<CombinationHead>) {
  return editLevel(index, ({ head }) => ({ head: { ...head, ...edit(head) } }));
}

function plusOne(value: Ext): Ext {
  return [(value[0] + 1) % P, value[1], value[2], value[3]];
}

/** Kernels of which one is another in the opening. */
function withKernel<Name extends keyof KernelSet>(
  name: Name,
  other: (real: KernelSet) => KernelSet[Name],
): Partial<CheatRequest> {
  return {
    openingKernels: (real) =>
      new Proxy(real, {
        get: (target, property) => {
          if (property === name) return other(real);
          const value = Reflect.get(target, property, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
  };
}

/** In the opening, only the commitments of levels encode rows. */
function encoding(
  index: number,
  change: (words: Uint32Array, src: number, dst: number) => void,
  before: boolean,
) {
  return withKernel("circleEncodeRows", (real) => (dst, dstStride, src, srcStride, rows, count, ...rest) => {
    const own = count === 2 ** LEVELS[index].logColumns;
    if (own && before) change(real.words, src / 4, dst / 4);
    real.circleEncodeRows(dst, dstStride, src, srcStride, rows, count, ...rest);
    if (own && !before) change(real.words, src / 4, dst / 4);
  });
}

it("a prover that does not cheat is believed, with levels as without", () => {
  expect(codeOf({})).toBe("accepted");
  expect(codeOf({ forger: new LevelForger() })).toBe("accepted");
  const tamper = (tensor: string, values: Int32Array): void => {
    if (tensor === "scores") values[1]++;
  };
  expect(codeOf({ tamper })).toBe("opening.levelEvaluation");
});

describe.each([0, 1])("at level %i a prover that cheats", (index) => {
  const last = index === LEVELS.length - 1;

  it("cannot change a coefficient of the rounds, the first or the last", () => {
    for (const round of [0, shapes[index].numVariables - 1]) {
      for (const which of ["c0", "c2"] as const) {
        const edited = editHead(index, ({ rounds }) => ({
          rounds: rounds.map((r, i) => (i === round ? { ...r, [which]: plusOne(r[which]) } : r)),
        }));
        expect(codeOf(edited), `${which} of round ${round}`).toMatch(
          last ? /^opening\.levelEvaluation$/ : /^opening\.level(Evaluation|Grind)$/,
        );
      }
    }
  });

  it("cannot change the proximity value", () => {
    const edited = editHead(index, ({ proximity }) => ({ proximity: plusOne(proximity) }));
    expect(codeOf(edited)).toMatch(
      last ? /^opening\.levelEvaluation$/ : /^opening\.level(Evaluation|Grind)$/,
    );
  });

  it("cannot do without the work", () => {
    const lazy = editHead(index, ({ nonce }) => ({ nonce: nonce === 0 ? 1 : nonce - 1 }));
    expect(codeOf(lazy)).toBe("opening.levelGrind");
  });

  it("cannot open other columns than it committed to", () => {
    const words = EXT_WORDS * shapes[index].numRows;
    const altered = editLevel(index, ({ columns }) => {
      const changed = columns.slice();
      changed[changed.length - 1] = (changed[changed.length - 1] + 1) % P;
      return { columns: changed };
    });
    expect(codeOf(altered), "one word").toBe("opening.levelRoot");
    const swapped = editLevel(index, ({ columns }) => {
      const changed = columns.slice();
      changed.set(columns.subarray(0, words), words);
      changed.set(columns.subarray(words, 2 * words), 0);
      return { columns: changed };
    });
    expect(codeOf(swapped), "columns of two positions exchanged").toBe("opening.levelRoot");
  });

  it("cannot send another root", () => {
    const forger = new LevelForger({
      root: (root, level) => {
        if (level === index + 1) root[31] ^= 1;
      },
    });
    expect(codeOf({ forger })).toBe("opening.levelRoot");
  });

  it("cannot send another root once its positions are drawn", () => {
    const sent = { kind: "committed", root: new Uint8Array(32).fill(7) } as const;
    const swap =
      index === 0
        ? {
            opening: (opening: Parameters<NonNullable<CheatRequest["opening"]>>[0]) => ({
              ...opening,
              head: { ...opening.head, sent },
            }),
          }
        : editHead(index - 1, () => ({ sent }));
    // The work was done for the other root.
    expect(codeOf(swap)).toBe(index === 0 ? "opening.grind" : "opening.levelGrind");
  });

  it("cannot commit to another vector than the combination of rows", () => {
    const other = encoding(
      index,
      (words, src) => {
        words[src] = (words[src] + 1) % P;
      },
      true,
    );
    expect(codeOf(other)).toBe("opening.levelEvaluation");
  });

  it("cannot commit to another vector that has the evaluation which the claims ask for", () => {
    // Everything from here on is honest about the other vector; only the columns before do not fit it.
    const forger = new LevelForger();
    const length = shapes[index].vectorLength;
    let bent = 0;
    const other = withKernel("extMulAdd", (real) => (dst, f, g, scalar, count) => {
      real.extMulAdd(dst, f, g, scalar, count);
      // The first after a level's kappa is known blends the combination with it.
      if (count !== length || forger.numKappas !== index + 1 || bent > 0) return;
      bent++;
      const point = index === 0 ? forger.rho : forger.zeta.slice(-LEVELS[0].logColumns);
      const head = makeExtVector(2);
      for (let i = 0; i < 2; i++) setExt(head, i, readExt4(real.words, dst, i));
      bendUnseen(head, point);
      for (let i = 0; i < 2; i++)
        writeExt4(real.words, dst, i, [...head.subarray(4 * i, 4 * i + 4)] as unknown as Ext);
    });
    expect(codeOf({ forger, ...other })).toBe("opening.levelEvaluation");
    expect(bent).toBe(1);
  });

  it("cannot commit to words that are not those of its rows", () => {
    const size = 2 ** LEVELS[index].logLength;
    const noise = encoding(
      index,
      (words, _, dst) => {
        for (let i = 0; i < size; i++) words[dst + i] = (words[dst + i] + 1 + i) % P;
      },
      false,
    );
    // The first level's sums feed the second, which then proves something false.
    expect(codeOf(noise)).toBe(last ? "opening.levelColumn" : "opening.levelEvaluation");
  });
});

describe("the last vector", () => {
  it("cannot be another", () => {
    const forger = new LevelForger({
      vector: (vector) => {
        vector[0] = (vector[0] + 1) % P;
      },
    });
    expect(codeOf({ forger })).toBe("opening.levelEvaluation");
  });

  it("cannot be another of the same evaluation", () => {
    const forger = new LevelForger({
      vector: (vector, { zeta }) => {
        bendUnseen(vector, zeta.slice(-LEVELS[1].logColumns));
      },
    });
    expect(codeOf({ forger })).toBe("opening.levelColumn");
  });
});
