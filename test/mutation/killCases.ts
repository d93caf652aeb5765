/**
 * What a mutated verifier is asked: honest proofs of every operator and visibility, and proofs, statements and keys that
 * deviate in one place each. What the verifier of today answers is what every mutant must answer.
 */
import { createKernels } from "../../src/kernels/createKernels.ts";
import { boundaryCases } from "./cases/boundaryCases.ts";
import { cheatCases } from "./cases/cheatCases.ts";
import { epochCases } from "./cases/epochCases.ts";
import { keyCases } from "./cases/keyCases.ts";
import { levelCases } from "./cases/levelCases.ts";
import { linkCases } from "./cases/linkCases.ts";
import { parserCases } from "./cases/parserCases.ts";
import { statementCases } from "./cases/statementCases.ts";
import { validCases } from "./cases/validCases.ts";
import type { KillSuite } from "./killSuite.ts";
import { SuiteBuilder } from "./suiteBuilder.ts";

/** Takes some seconds; honest proofs come first, because most mutants refuse them. */
export function makeKillSuite(): KillSuite {
  const kernels = createKernels({ threads: 1 });
  const builder = new SuiteBuilder(kernels);
  validCases(builder);
  parserCases(builder);
  levelCases(builder);
  epochCases(builder);
  linkCases(builder);
  boundaryCases(builder);
  statementCases(builder);
  keyCases(builder);
  cheatCases(builder);
  return builder.suite();
}
