/** Cheats of the table, one for each code; every kind of message wrong; proofs whose opening is bent. */

import {
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
  tamperedRun,
} from "../../../src/engine/testing/cheatingProver.ts";
import { CHEATS } from "../../../src/engine/testing/cheatTable.ts";
import { VICTIMS, type VictimName, victimInputs } from "../../../src/engine/testing/cheatVictims.ts";
import { OpeningForger, satisfyEvaluation } from "../../../src/engine/testing/openingForger.ts";
import { add, type Ext, ONE } from "../../../src/field/ext.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

/** Which code, the cheat suite says; here it is whatever the verifier answers today. */
const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;
const MESSAGE_VICTIMS: readonly VictimName[] = ["wiring"];

export function cheatCases(builder: SuiteBuilder): void {
  const { kernels } = builder;
  for (const name of Object.keys(VICTIMS) as VictimName[]) {
    const program = VICTIMS[name]();
    const inputs = victimInputs(program);
    const isHidden = program.constants.length > 0;
    const cheatKey = isHidden
      ? cheatingSetup(kernels, program, program.constants)
      : publicCheatingSetup(kernels, program);
    const key = builder.addKey(`key of a cheat on ${name}`, cheatKey.verificationKey);
    const visibilities = {
      input: "private",
      weights: isHidden ? "private" : "public",
      output: "public",
    } as const;
    const forge = (deviation: Partial<CheatRequest>): Uint8Array => {
      const mark = kernels.mark();
      const proof = cheatProof(kernels, cheatKey, { inputs, batch: 1, visibilities, ...deviation });
      kernels.release(mark);
      return proof;
    };
    const honest = { program, tensors: tamperedRun(program, inputs, () => {}).tensors };
    // Proofs are bytes here: one for each way in which the verifier tells a false claim is as good as a hundred.
    const codes = new Set<string>();
    for (const cheat of CHEATS) {
      if (cheat.victim !== name || codes.has(cheat.code)) continue;
      codes.add(cheat.code);
      builder.proofCase(`${cheat.operator}: ${cheat.name}`, key, forge(cheat.deviate(honest)), REFUSED);
    }
    if (MESSAGE_VICTIMS.includes(name)) messageCases(builder, name, key, forge);
    if (name === "dense") openingCases(builder, key, forge);
  }
}

type Forge = (deviation: Partial<CheatRequest>) => Uint8Array;

/** The last scalar of each label, one too large. */
function messageCases(builder: SuiteBuilder, name: string, key: number, forge: Forge): void {
  const labels = new Map<string, number[]>();
  forge({
    message: (label, value, index) => {
      labels.set(label, [...(labels.get(label) ?? []), index]);
      return value;
    },
  });
  for (const [label, indices] of labels) {
    for (const wrong of new Set([indices[indices.length - 1]])) {
      const message = (_: string, value: Ext, index: number): Ext =>
        index === wrong ? add(value, ONE) : value;
      builder.proofCase(`${name}: ${label}, scalar ${wrong}`, key, forge({ message }), REFUSED);
    }
  }
}

function openingCases(builder: SuiteBuilder, key: number, forge: Forge): void {
  const wrongScore = (tensor: string, values: Int32Array): void => {
    if (tensor === "scores") values[1]++;
  };
  const bent = forge({ forger: new OpeningForger(satisfyEvaluation), tamper: wrongScore });
  builder.proofCase("a vector bent to a false claim", key, bent, "opening.column");
  const lazy = forge({
    opening: (opening) => ({ ...opening, head: { ...opening.head, nonce: (opening.head.nonce || 2) - 1 } }),
  });
  builder.proofCase("a nonce without work", key, lazy, "opening.grind");
}
