/**
 * Proofs of a prover that deviates at random and follows the protocol otherwise: unlike changed bytes they pass every check
 * before the one that finds them. A deviation that changes nothing that is proven makes a valid proof; those are told by
 * what they deviate in.
 */

import { hex } from "../../../src/bytes/hex.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
} from "../../../src/engine/testing/cheatingProver.ts";
import { VICTIMS, type VictimName, victimInputs } from "../../../src/engine/testing/cheatVictims.ts";
import { add, type Ext } from "../../../src/field/ext.ts";
import { P } from "../../../src/field/m31.ts";
import type { KernelSet } from "../../../src/kernels/kernelSet.ts";
import type { Program } from "../../../src/program/program.ts";
import { type CheckedKey, checkVerificationKey, verifyWithKey } from "../../../src/verify.ts";
import type { CheckedKey as SecondKey } from "../../reference-verifier/checkedKey.ts";
import { checkKey, checkProof } from "../../reference-verifier/verify.ts";
import type { Random } from "../random.ts";
import { otherVerdict } from "../secondVerdict.ts";
import type { FuzzTarget } from "../target.ts";
import { verifierBytes } from "../verifierBytes.ts";

interface Attacked {
  readonly program: Program;
  readonly cheat: CheatingKey;
  readonly key: CheckedKey;
  /** As the reference verifier read it. */
  readonly secondKey: SecondKey;
  /** Scalars that an honest prover sends. */
  readonly numMessages: number;
}

function attacked(kernels: KernelSet, name: VictimName): Attacked {
  const program = VICTIMS[name]();
  const cheat =
    program.constants.length > 0
      ? cheatingSetup(kernels, program, program.constants)
      : publicCheatingSetup(kernels, program);
  const verdict = checkVerificationKey(cheat.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  let numMessages = 0;
  prove(kernels, program, cheat, {
    message: (_, value) => {
      numMessages++;
      return value;
    },
  });
  return { program, cheat, key: verdict.key, secondKey: checkKey(cheat.verificationKey), numMessages };
}

function prove(
  kernels: KernelSet,
  program: Program,
  cheat: CheatingKey,
  deviation: Partial<CheatRequest>,
): Uint8Array {
  const mark = kernels.mark();
  try {
    return cheatProof(kernels, cheat, {
      inputs: victimInputs(program),
      batch: 1,
      visibilities: {
        input: "private",
        weights: program.constants.length > 0 ? "private" : "public",
        output: "public",
      },
      ...deviation,
    });
  } finally {
    kernels.release(mark);
  }
}

/** Another element of K than the one that is added to. */
function someExt(random: Random): Ext {
  const at = random.below(4);
  return [0, 1, 2, 3].map((c) => (c === at ? 1 + random.below(P - 1) : 0)) as unknown as Ext;
}

/** One wrong scalar, or one and another that cancels it in a sum. */
function wrongMessages({ numMessages }: Attacked, random: Random): Partial<CheatRequest> {
  const wrong = random.below(numMessages);
  const other = random.below(3) === 0 ? random.below(numMessages) : -1;
  const change = someExt(random);
  const opposite = change.map((c) => (c === 0 ? 0 : P - c)) as unknown as Ext;
  return {
    message: (_, value, index) => {
      if (index === wrong) return add(value, change);
      return index === other ? add(value, opposite) : value;
    },
  };
}

/** Other outputs than computed, in the statement that is proven. */
function wrongOutputs({ program }: Attacked, random: Random): Partial<CheatRequest> {
  const { lo, hi } = program.tensors[program.outputs[0]].range;
  const place = random.word();
  return {
    statement: (statement) => ({
      ...statement,
      outputs: statement.outputs.map((value, i) => {
        if (i > 0 || value.values === null) return value;
        const values = value.values.slice();
        const at = place % values.length;
        values[at] = values[at] < hi ? values[at] + 1 : lo;
        return { ...value, values };
      }),
    }),
  };
}

export function proverTarget(kernels: KernelSet): FuzzTarget {
  const victims = (["dense", "convolutional", "elementwise", "stored", "twice"] as const).map((name) =>
    attacked(kernels, name),
  );
  return {
    name: "prover",
    isForgery: true,
    maxBytes: 4 * Math.max(...victims.map(({ key }) => verifierBytes(key.key, 2 ** 20))),
    context: ({ seed }) => hex(victims[seed].cheat.verificationKey),
    mutate: (random) => {
      const seed = random.below(victims.length);
      const victim = victims[seed];
      const deviate = random.below(4) === 0 ? wrongOutputs : wrongMessages;
      const bytes = prove(kernels, victim.program, victim.cheat, deviate(victim, random));
      return { bytes, seed };
    },
    run: ({ bytes, seed }) => {
      const verdict = verifyWithKey(bytes, victims[seed].key);
      return verdict.ok ? "accepted" : verdict.error.code;
    },
    disagreement: ({ bytes, seed }, outcome) =>
      otherVerdict(outcome, () => checkProof(bytes, victims[seed].secondKey)),
  };
}
