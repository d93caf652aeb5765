/** Runs one case for each message of the parent process, which stops it where it takes too long. */

import type { CaseResult, CoverageCase } from "./coverageCase.ts";
import { ezklCase, ezklCaseNames } from "./ezklSet.ts";
import { nodeCase, nodeCaseNames } from "./nodeSet.ts";
import { runCase } from "./runCase.ts";

export type WorkerRequest =
  | { readonly kind: "list"; readonly set: "node" | "ezkl" }
  | { readonly kind: "run"; readonly set: "node" | "ezkl"; readonly name: string; readonly prove: boolean };

export type WorkerAnswer =
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "result"; readonly result: CaseResult };

function answer(request: WorkerRequest): WorkerAnswer {
  const isNode = request.set === "node";
  if (request.kind === "list") return { kind: "names", names: isNode ? nodeCaseNames() : ezklCaseNames() };
  const given: CoverageCase = isNode ? nodeCase(request.name) : ezklCase(request.name);
  return { kind: "result", result: runCase(given, request.prove) };
}

process.on("message", (request: WorkerRequest) => {
  process.send?.(answer(request));
});
