/** Every kind of scalar that a prover sends, wrong where it is sent first and where it is sent last. */
import { describe, expect, it } from "vitest";
import { add, ONE } from "../field/ext.ts";
import { createKernels } from "../kernels/createKernels.ts";
import * as lookup from "../lookup/verifier.ts";
import * as products from "../products/verifier.ts";
import * as layers from "../relations/linear/verifier.ts";
import * as reduce from "../relations/reduce.ts";
import * as views from "../relations/views/verifier.ts";
import * as sumcheck from "../sumcheck/verifier.ts";
import type { VictimName } from "./testing/cheatVictims.ts";
import { prepareVictim, type Victim } from "./testing/victim.ts";

const kernels = createKernels({ threads: 1 });

interface SentScalars {
  readonly name: string;
  readonly first: number;
  last: number;
}

/** Scalars of one label that follow each other, told apart by what was sent before: a sumcheck by its claim. */
function sentScalars({ verdict }: Victim): SentScalars[] {
  const runs = new Map<string, SentScalars>();
  let before = "";
  let current = "";
  verdict({
    message: (label, value, index) => {
      if (label !== current) before = current;
      current = label;
      const name = before === "" ? label : `${label}, after ${before}`;
      const run = runs.get(name);
      if (run === undefined) runs.set(name, { name, first: index, last: index });
      else run.last = index;
      return value;
    },
  });
  return [...runs.values()];
}

const TARGETS: readonly (readonly [VictimName, "public" | "committed"])[] = [
  ["dense", "committed"],
  ["convolutional", "public"],
  ["elementwise", "public"],
  ["wiring", "committed"],
  ["stored", "public"],
  ["twice", "public"],
];

const ATTACKED = TARGETS.map(([name, output]) => {
  const victim = prepareVictim(kernels, name, output);
  return { name, output, victim, scalars: sentScalars(victim) };
});

describe.each(ATTACKED)(
  "a prover that sends one wrong scalar ($name, $output output)",
  ({ victim, scalars }) => {
    it("is believed while it sends the right ones", () => {
      expect(victim.verdict({})).toMatchObject({ ok: true });
    });

    it.each(scalars)("$name", ({ first, last }) => {
      for (const wrong of new Set([first, last])) {
        const verdict = victim.verdict({
          message: (_, value, index) => (index === wrong ? add(value, ONE) : value),
        });
        const refused = { ok: false, error: { code: "opening.evaluation" } };
        expect(verdict, `scalar ${wrong}`).toMatchObject(refused);
      }
    });
  },
);

it("attacks every message that there is", () => {
  const names = ATTACKED.flatMap(({ scalars }) => scalars.map(({ name }) => name));
  const labels = [
    lookup.LABEL_ROOT,
    lookup.LABEL_CHILDREN,
    lookup.LABEL_PRODUCT,
    sumcheck.LABEL_ROUND,
    reduce.LABEL_LEAF_LAYER,
    reduce.LABEL_EQUALITY_LAYER,
    views.LABEL_VALUE,
    layers.LABEL_BIAS,
    layers.LABEL_OPERAND,
    layers.LABEL_PRODUCT,
    products.LABEL_VALUE,
    products.LABEL_EVALUATION,
  ];
  expect([...new Set(names.map((name) => name.split(",")[0]))].sort()).toEqual(labels.sort());
  // Sumchecks of the lookup, of the layers with and without biases, of the views behind operands and behind equalities.
  const sumchecks = new Set(names.filter((name) => name.startsWith(sumcheck.LABEL_ROUND)));
  for (const before of [
    lookup.LABEL_PRODUCT,
    layers.LABEL_BIAS,
    reduce.LABEL_LEAF_LAYER,
    layers.LABEL_PRODUCT,
    views.LABEL_VALUE,
  ]) {
    expect(sumchecks).toContain(`${sumcheck.LABEL_ROUND}, after ${before}`);
  }
});
