import { describe, expect, it } from "vitest";
import { totalBits } from "../claims/axes.ts";
import type { LookupSection } from "../claims/plan.ts";
import { add, type Ext, fromBase, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import { neg as negF } from "../field/m31.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { createKernels } from "../kernels/createKernels.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { createReferenceKernels } from "../kernels/reference/referenceKernels.ts";
import type { HiddenScalar } from "../masking/hiddenScalar.ts";
import { TranscriptWriter } from "../masking/prover.ts";
import { eqTable } from "../poly/eq.ts";
import { Transcript } from "../transcript/transcript.ts";
import { placeSections } from "./cube.ts";
import { proveLookups } from "./prover.ts";
import { forEachRealRun } from "./realRuns.ts";
import { columnFactors, reduceLookups } from "./verifier.ts";

interface Case {
  readonly title: string;
  /** Axes and number of columns of the sections that are looked up, each in a table of its own. */
  readonly lookedUp: readonly { readonly axes: readonly number[]; readonly columns: number }[];
}

const TABLE_ROWS = 5;
const CASES: readonly Case[] = [
  { title: "a single cell", lookedUp: [{ axes: [1], columns: 1 }] },
  { title: "sections shorter than a line", lookedUp: [1, 2, 3].map((n) => ({ axes: [n], columns: n })) },
  { title: "padding inside and between rows", lookedUp: [{ axes: [3, 5, 2], columns: 4 }] },
  { title: "tables of eq in several blocks", lookedUp: [{ axes: [9, 300], columns: 2 }] },
];

const challenges = seededExts(5, 3);
const [alpha, beta, delta] = challenges;

/** Sections, their values and every leaf's fraction, the sum of all being zero. */
function prepare(kernels: KernelSet, { lookedUp }: Case) {
  const sections: LookupSection[] = lookedUp.flatMap(({ axes, columns }, i) => {
    const of = { tag: i + 1, columns: Array.from({ length: columns }, () => ({ constant: 0, terms: [] })) };
    return [
      { name: `looked up ${i}`, axes, ...of, multiplicity: null },
      { name: `table ${i}`, axes: [TABLE_ROWS], ...of, multiplicity: i },
    ];
  });
  const entry = (tag: number, column: number, row: number): number => 1000 * tag + 77 * column + row * row;
  const cube = placeSections(sections);
  const numLeaves = 2 ** cube.numVariables;
  const numerators: Ext[] = Array.from({ length: numLeaves }, () => ZERO);
  const denominators: Ext[] = Array.from({ length: numLeaves }, () => ONE);
  denominators[cube.dummy] = delta;
  const columns = new Map<LookupSection, number[]>();
  const counts = new Map<number, number>();
  for (const section of sections) {
    const size = 2 ** totalBits(section.axes);
    const rowOf = (cell: number): number =>
      section.multiplicity === null ? (cell * cell) % TABLE_ROWS : cell;
    const multiplicity = Array.from({ length: TABLE_ROWS }, () => 0);
    const { offset } = cube.sections.find((placed) => placed.section === section)!;
    const pointers = section.columns.map(() => kernels.alloc(size));
    columns.set(section, pointers);
    // Sections stand before their tables, which have as many rows of each kind as were counted there.
    if (section.multiplicity !== null) {
      const looked = sections[sections.indexOf(section) - 1];
      forEachRealRun(looked.axes, (from, to) => {
        for (let cell = from; cell < to; cell++) multiplicity[(cell * cell) % TABLE_ROWS]++;
      });
      const ptr = kernels.alloc(size);
      kernels.words.set(multiplicity, ptr / 4);
      counts.set(section.multiplicity, ptr);
    }
    forEachRealRun(section.axes, (from, to) => {
      for (let cell = from; cell < to; cell++) {
        const values = pointers.map((_, c) => entry(section.tag, c, rowOf(cell)));
        values.forEach((value, c) => {
          kernels.words[pointers[c] / 4 + cell] = value;
        });
        numerators[offset + cell] =
          section.multiplicity === null ? ONE : fromBase(negF(multiplicity[rowOf(cell)]));
        const factors = columnFactors(beta);
        denominators[offset + cell] = values.reduce(
          (rest, value, c) => sub(rest, scale(factors[c], value)),
          sub(alpha, fromBase(section.tag)),
        );
      }
    });
  }
  const values = {
    columns: (section: LookupSection) => columns.get(section)!,
    multiplicities: (section: LookupSection) => counts.get(section.multiplicity!)!,
  };
  return { cube, values, numerators, denominators };
}

function evaluate(values: readonly Ext[], point: readonly Ext[]): Ext {
  const eq = eqTable(point);
  return values.reduce((sum, value, i) => {
    const weight = eq.subarray(4 * i, 4 * i + 4);
    return add(sum, mul(value, [weight[0], weight[1], weight[2], weight[3]]));
  }, ZERO);
}

describe.each([
  { name: "reference kernels", create: createReferenceKernels },
  { name: "WASM kernels", create: createKernels },
])("the argument for fractional sums, with $name", ({ create }) => {
  it.each(
    CASES.flatMap((example) => [
      { ...example, leaves: "kept" },
      { ...example, leaves: "streamed" },
    ]),
  )("ends in true claims about the leaves, $leaves: $title", ({ leaves, ...example }) => {
    const streaming = { fromVariables: leaves === "kept" ? 99 : 4, piece: 1024 };
    const kernels = create();
    const { cube, values, numerators, denominators } = prepare(kernels, example);
    // All pads are zero, so that what is sent are the values themselves.
    const writer = new TranscriptWriter(new Transcript("test"), () => ZERO);
    const mark = kernels.mark();
    // Memory as it is after other work.
    const used = kernels.alloc(2 ** 17) / 4;
    kernels.words.fill(0xffffffff, used, used + 2 ** 17);
    kernels.release(mark);
    const proven = proveLookups(kernels, writer, cube, values, { alpha, beta }, delta, streaming);
    expect(kernels.mark()).toBe(mark);

    const claim = reduceLookups(writer.replay(), cube.numVariables);
    const known = ({ constant }: HiddenScalar): Ext => constant;
    expect(claim.point).toEqual(proven.point);
    expect(known(claim.numerator)).toEqual(evaluate(numerators, claim.point));
    expect(known(claim.denominator)).toEqual(evaluate(denominators, claim.point));
    for (const { name, x, y, z } of claim.products) {
      expect(mul(known(x), known(y)), name).toEqual(known(z));
    }
    expect(claim.products.map(({ x, y }) => ({ x: known(x), y: known(y) }))).toEqual(proven.products);
  });
});
