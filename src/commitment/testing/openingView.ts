/**
 * The linear map from the cells of the stacked matrix to what an opening shows, for fixed challenges, by running the
 * prover itself on one unit cell after the other. Its messages do not depend on the right sides of the claims, so they
 * are linear in the cells (`viewOfMatrix` lets a test check that too).
 */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import type { Ext } from "../../field/ext.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { CombinationHead, Opening } from "../opening.ts";
import { innerShapes } from "../parameters.ts";
import { type CommitmentTables, type CommittedTree, loadTables } from "../prover/committedTree.ts";
import { proveOpening } from "../prover/openingProver.ts";
import { rowLength, type StackLayout, type StackTree } from "../stackLayout.ts";
import { FixedTranscript } from "./fixedTranscript.ts";

/** One opening with fixed challenges. */
export interface FixedOpening {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly relations: readonly Relation[];
  readonly seed: string;
  readonly positions: readonly number[] | null;
  /** Challenges that are not drawn but chosen, by label. */
  readonly chosen?: Readonly<Record<string, Ext>>;
}

/** Where the parts of a flattened opening begin. */
export interface ViewParts {
  readonly vector: number;
  readonly columns: number;
  readonly length: number;
}

export function viewParts({ parameters, numRows }: StackLayout): ViewParts {
  const shapes = innerShapes(parameters);
  const vector = 4 + 8 * parameters.logColumns + 4;
  const columns = vector + (shapes.length === 0 ? 4 * rowLength(parameters) : 0);
  const levels = shapes.reduce(
    (sum, shape, i) =>
      sum +
      8 * shape.numVariables +
      4 +
      (i === shapes.length - 1 ? 4 * 2 ** shape.logColumns : 0) +
      4 * shape.queries * shape.numRows,
    0,
  );
  return { vector, columns, length: columns + parameters.queries * numRows + levels };
}

/** μ, the round messages, E₁, v and the opened columns as one vector over F; then the same of each level. */
function flatten({ head, trees, levels }: Opening): Uint32Array {
  return Uint32Array.from([
    ...head.maskSum,
    ...flattenHead(head),
    ...trees.flatMap(({ columns }) => [...columns]),
    ...levels.flatMap((level) => [...flattenHead(level.head), ...level.columns]),
  ]);
}

function flattenHead({ rounds, proximity, sent }: CombinationHead): number[] {
  return [
    ...rounds.flatMap(({ c0, c2 }) => [...c0, ...c2]),
    ...proximity,
    ...(sent.kind === "clear" ? sent.vector : []),
  ];
}

export class OpeningView {
  private readonly kernels: KernelSet;
  private readonly opening: FixedOpening;
  private readonly trees: readonly CommittedTree[];
  private readonly tables: CommitmentTables;

  constructor(kernels: KernelSet, opening: FixedOpening) {
    this.kernels = kernels;
    this.opening = opening;
    this.tables = loadTables(kernels, opening.layout.parameters);
    this.trees = opening.layout.trees.map((tree) => emptyTree(kernels, tree, opening.layout));
  }

  /** What is seen if this cell of the stacked matrix is 1 and all others are 0. */
  ofCell(row: number, column: number): Uint32Array {
    const tree = this.treeOf(row);
    this.setCell(tree, row, column, 1);
    this.encode(tree, row);
    const view = this.prove();
    this.setCell(tree, row, column, 0);
    this.encode(tree, row);
    return view;
  }

  /** What is seen of a whole matrix, rowLength words per row. */
  ofMatrix(matrix: Uint32Array): Uint32Array {
    const { layout } = this.opening;
    const length = rowLength(layout.parameters);
    const write = (value: (at: number) => number): void => {
      for (let row = 0; row < layout.numRows; row++) {
        const tree = this.treeOf(row);
        for (let column = 0; column < length; column++)
          this.setCell(tree, row, column, value(row * length + column));
        this.encode(tree, row);
      }
    };
    write((at) => matrix[at]);
    const view = this.prove();
    write(() => 0);
    return view;
  }

  private prove(): Uint32Array {
    const { plan, layout, relations, seed, positions, chosen } = this.opening;
    const transcript = new FixedTranscript(seed, positions, chosen);
    return flatten(proveOpening(this.kernels, this.tables, transcript, plan, layout, relations, this.trees));
  }

  private treeOf(row: number): CommittedTree {
    return this.trees.find(
      ({ tree }) => row >= tree.firstRow && row < tree.firstRow + tree.numRows,
    ) as CommittedTree;
  }

  private setCell(committed: CommittedTree, row: number, column: number, value: number): void {
    const at = committed.rows / 4 + (row - committed.tree.firstRow) * committed.rowStride + column;
    this.kernels.words[at] = value;
  }

  private encode(committed: CommittedTree, row: number): void {
    const { rows, rowStride, symbols, symbolStride, tree } = committed;
    const { parameters } = this.opening.layout;
    const index = row - tree.firstRow;
    this.kernels.circleEncodeRows(
      symbols + 4 * symbolStride * index,
      symbolStride,
      rows + 4 * rowStride * index,
      rowStride,
      1,
      rowLength(parameters),
      parameters.logLength,
      this.tables.twiddles,
    );
  }
}

/** A committed tree of zeros; its salts and hashes, which the view leaves out, are never computed. */
function emptyTree(kernels: KernelSet, tree: StackTree, { parameters }: StackLayout): CommittedTree {
  const length = 2 ** parameters.logLength;
  const rowStride = Math.ceil(rowLength(parameters) / 16) * 16;
  const symbolStride = length + 16;
  const levels: number[] = [];
  for (let count = length; count >= 1; count /= 2) levels.push(kernels.alloc(8 * count));
  return {
    tree,
    numRows: tree.numRows,
    rows: kernels.alloc(tree.numRows * rowStride),
    rowStride,
    symbols: kernels.alloc(tree.numRows * symbolStride),
    symbolStride,
    salts: kernels.alloc(8 * length),
    levels,
    root: new Uint8Array(32),
  };
}
