/** One node: by its own rule, by simpler nodes that mean the same, or, where it only moves or weighs elements, by those. */

import type { Node } from "../../graph/node.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { elementCount } from "../../tensor/shape.ts";
import { zeros } from "../../tensor/tensor.ts";
import { integerBodiesOf } from "./bodies/registry.ts";
import { foldNode, type IntegerExpand, lowerBody } from "./body.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { lowerLinearMap } from "./linearMap.ts";
import { lowerMoves } from "./moves.ts";
import { loweringRuleOf } from "./registry.ts";

/** Operators of one computed tensor whose results are some of its elements, whatever those are. */
const MOVING: ReadonlySet<string> = new Set([
  ...[
    "GatherElements",
    "GatherND",
    "Gather",
    "ReverseSequence",
    "Trilu",
    "Compress",
    "Split",
    "Slice",
    "Pad",
  ],
  ...["DepthToSpace", "SpaceToDepth", "Transpose", "Expand", "Tile", "CenterCropPad"],
]);

/** Operators that are linear in one computed tensor when all else is constant. */
const LINEAR: ReadonlySet<string> = new Set([
  ...[
    "DFT",
    "STFT",
    "CumSum",
    "Einsum",
    "Resize",
    "GridSample",
    "Col2Im",
    "AffineGrid",
    "DeformConv",
    "RoiAlign",
  ],
  ...["MatMul", "Gemm", "Conv", "ConvTranspose", "ScatterElements", "ScatterND", "Scatter", "AveragePool"],
  ...["MatMulInteger", "ConvInteger"],
]);

function alternativesOf(node: Node): LoweringRule[] {
  const isStandard = node.domain === "" || node.domain === "ai.onnx.preview";
  const alternatives: LoweringRule[] = [];
  const rule = loweringRuleOf(node);
  if (rule !== undefined) alternatives.push(rule);
  if (isStandard && MOVING.has(node.operator)) alternatives.push(lowerMoves);
  for (const body of isStandard ? integerBodiesOf(node.operator) : [])
    alternatives.push((context, given) => lowerBody(context, given, body, lowerNode));
  if (isStandard && LINEAR.has(node.operator)) alternatives.push(lowerLinearMap);
  const expand = operatorOf(node)?.expand;
  if (expand !== undefined) {
    const body: IntegerExpand = (_, inner, facts) => expand(inner, facts);
    alternatives.push((context, given) => lowerBody(context, given, body, lowerNode));
  }
  return alternatives;
}

/** A tensor without elements is a constant. Says whether all results are such. */
function isEmpty(context: LoweringContext, node: Node): boolean {
  const named = node.outputs.filter((name) => name !== "");
  const empty = named.filter((name) => elementCount(context.shapeOf(name)) === 0);
  if (empty.length < named.length) return false;
  const leading = context.graph.batched ? [1] : [];
  for (const name of empty)
    context.addConstant(name, zeros(context.typeOf(name), [...leading, ...context.shapeOf(name)]));
  return true;
}

/** Lowers a node by the first way that will do. Throws `NotLowerable` with the reason of the last one that was tried. */
export function lowerNode(context: LoweringContext, node: Node): void {
  if (node.inputs.every((name) => !context.isData(name))) {
    foldNode(context, node);
    return;
  }
  if (isEmpty(context, node)) return;
  let failure = new NotLowerable("has no integer form yet");
  for (const lower of alternativesOf(node)) {
    try {
      lower(context, node);
      return;
    } catch (error) {
      if (!(error instanceof NotLowerable)) throw error;
      failure = error;
    }
  }
  throw failure;
}
