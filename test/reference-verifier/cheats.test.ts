/** Both verifiers refuse every proof of the cheat suite, with the same code, and the one that the suite expects. */
import { describe, expect, it } from "vitest";
import { CHEATS } from "../../src/engine/testing/cheatTable.ts";
import { VICTIMS, type VictimName } from "../../src/engine/testing/cheatVictims.ts";
import { HEAVY, judgeProofs, TIMEOUT } from "./agreement.ts";
import { underAttack } from "./suite.ts";

/** One cheat in so many, unless all are tried. */
const STEP = HEAVY ? 1 : 7;

describe.each(Object.keys(VICTIMS) as VictimName[])("a prover that cheats in one place (%s)", (victim) => {
  it("is judged alike", { timeout: TIMEOUT }, () => {
    const { key, honest, prove } = underAttack(victim);
    const judge = judgeProofs(key);
    expect(judge(prove({}))).toEqual({ first: "accepted", second: "accepted" });
    const cheats = CHEATS.filter((cheat) => cheat.victim === victim);
    for (const { name, code, deviate } of cheats.filter((_, index) => index % STEP === 0)) {
      expect(judge(prove(deviate(honest))), name).toEqual({ first: code, second: code });
    }
  });
});
