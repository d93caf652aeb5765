/**
 * y = clamp(round_κ(x) + zero point), κ the channel: the graph is cut into pieces [low, high] of inputs with one result
 * (rescale/pieces.ts). Commits y, low and high, looks (y, low, high, κ) up in the table of pieces and proves
 * x − low ≥ 0 and high − x ≥ 0, each below the length of a piece. All integers are below p/4 by the program's no-wrap check, so that the
 * differences mean the same mod p as over the integers. Any monotone rounding can be proven so (protocol review, 5).
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import type { IntRange, Rescale } from "../../program/program.ts";
import { addExpressions, expression, scaleExpression, wholeTensor } from "../expressions.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { rangeTable } from "../range/plan.ts";
import { RescalePieces } from "./pieces.ts";

export interface RescaleOperands {
  /** (rows…, channel) as the section has them. */
  readonly axes: readonly number[];
  readonly input: Expression;
  readonly range: IntRange;
  /** Axis of the section along which multipliers differ; null if there is one multiplier. */
  readonly channelAxis: number | null;
  readonly output: PlanTensorId;
  /** Largest length of a piece (rescale/pieceLength.ts). */
  readonly pieceLength: number;
}

export function planRescale(builder: PlanBuilder, operator: Rescale, operands: RescaleOperands): void {
  const { axes, input, range, channelAxis, output, pieceLength } = operands;
  const { name } = operator;
  const pieces = new RescalePieces(operator, range, pieceLength);
  const end = (which: "low" | "high"): Expression => {
    const origin = { kind: "piece", tensor: operator.input, pieces, end: which } as const;
    const tensor = builder.addTensor(`${name}: ${which} end`, axes, "advice", origin);
    return expression(0, [1, wholeTensor(tensor, axes)]);
  };
  const low = end("low");
  const high = end("high");
  const y = expression(0, [1, wholeTensor(output, axes)]);
  const { tag, firstChannel } = builder.addPieces(name, pieces);
  const channel = expression(
    firstChannel,
    ...(channelAxis === null ? [] : [[1, { kind: "index", axis: channelAxis }] as const]),
  );
  builder.lookUp(`${name}: piece`, axes, tag, [y, low, high, channel]);
  const size = rangeTable(builder, pieceLength);
  builder.lookUp(`${name}: not below`, axes, size, [addExpressions(input, scaleExpression(low, -1))]);
  builder.lookUp(`${name}: not above`, axes, size, [addExpressions(high, scaleExpression(input, -1))]);
}
