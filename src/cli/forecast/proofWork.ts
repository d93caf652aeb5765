/** How often a proof does what takes time, by phase. What the units cost is in unitCosts.ts. */
import { realCells } from "../../claims/axes.ts";
import type { ProofPlan } from "../../claims/plan.ts";
import { type CommitmentParameters, innerShapes } from "../../commitment/parameters.ts";
import { ROWS_PER_EXT, type StackLayout } from "../../commitment/stackLayout.ts";
import { type ArgumentShape, bindingWork } from "./argumentShape.ts";
import type { WitnessShape } from "./witnessShape.ts";

export interface WitnessWork {
  readonly storedCells: number;
  readonly columnCells: number;
  readonly lookups: number;
}

export interface ProofWork {
  readonly multiplyAccumulates: number;
  readonly witness: WitnessWork;
  /** Null where they are public. */
  readonly weights: WitnessWork | null;
  /** Code symbols of the weights, and of the trees that every proof commits. */
  readonly weightSymbols: number;
  readonly symbols: number;
  /** Leaves of the lookup cube. */
  readonly leaves: number;
  /** Stored entries times weights while operands are bound. */
  readonly bindings: number;
  /** Elements of K in the tables of layers and views: many are written one by one. */
  readonly slowCells: number;
  /** Claims about layers and views, each with a column vector in the opening. */
  readonly numClaims: number;
  /** Rows of all lookup tables. */
  readonly tableRows: number;
  /** Data cells in a row of the stacked matrix. */
  readonly columns: number;
  /** Cells of the stacked matrix, and entries of the opened columns. */
  readonly matrixCells: number;
  readonly openedEntries: number;
  /** Code symbols of the levels of recursion, and elements of their vectors times claims about each. */
  readonly levelSymbols: number;
  readonly levelClaimCells: number;
}

export interface WorkInput {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly witness: WitnessShape;
  readonly weights: WitnessShape | null;
  readonly argument: ArgumentShape;
  readonly multiplyAccumulates: number;
}

function tableRows({ sections }: ProofPlan): number {
  return sections.reduce(
    (sum, { axes, multiplicity }) => sum + (multiplicity === null ? 0 : realCells(axes)),
    0,
  );
}

function levelWork(parameters: CommitmentParameters): Pick<ProofWork, "levelSymbols" | "levelClaimCells"> {
  let { queries } = parameters;
  let levelSymbols = 0;
  let levelClaimCells = 0;
  for (const shape of innerShapes(parameters)) {
    levelSymbols += ROWS_PER_EXT * shape.numRows * 2 ** shape.logLength;
    levelClaimCells += queries * 2 ** shape.numVariables;
    queries = shape.queries;
  }
  return { levelSymbols, levelClaimCells };
}

export function proofWork(input: WorkInput): ProofWork {
  const { plan, layout, argument, witness, weights, multiplyAccumulates } = input;
  const { logColumns, logLength, queries } = layout.parameters;
  const rowsOf = (isWeights: boolean): number =>
    layout.trees.reduce(
      (sum, { name, numRows }) => sum + ((name === "weights") === isWeights ? numRows : 0),
      0,
    );
  let bindings = 0;
  let slowCells = 0;
  for (const step of argument.steps) {
    if (step.kind === "view") continue;
    const { layer, bits, groupBits } = step.claim;
    bindings += bindingWork(plan, layer);
    slowCells += 2 ** (bits + 1) + (groupBits > 0 ? 2 ** bits : 0);
  }
  const views = argument.steps.flatMap((step) => (step.kind === "view" ? [step.term] : []));
  for (const { cells, blockBits } of [...views, ...argument.operandViews]) {
    bindings += cells;
    slowCells += 3 * 2 ** blockBits;
  }
  return {
    multiplyAccumulates,
    witness,
    weights,
    weightSymbols: rowsOf(true) * 2 ** logLength,
    symbols: rowsOf(false) * 2 ** logLength,
    leaves: 2 ** argument.cube.numVariables,
    bindings,
    slowCells,
    numClaims: argument.steps.length + argument.operandViews.length,
    tableRows: tableRows(plan),
    columns: 2 ** logColumns,
    matrixCells: layout.numRows * 2 ** logColumns,
    openedEntries: layout.numRows * queries,
    ...levelWork(layout.parameters),
  };
}
