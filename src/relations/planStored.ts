/** Operators whose results are committed or public: what they look up. */
import type { ProgramOperator } from "../program/program.ts";
import { planArgMax } from "./argmax/plan.ts";
import { planDivide } from "./divide/plan.ts";
import { planGatherOperator } from "./gather/read.ts";
import { planMultiply } from "./linear/plan.ts";
import { planMax } from "./max/plan.ts";
import type { PlanState } from "./planState.ts";
import { groupLengths, orderedLabels, placed, type Reading } from "./reading.ts";
import { planRequantise } from "./requantise/plan.ts";
import { pieceLength } from "./rescale/pieceLength.ts";
import { planRescale } from "./rescale/plan.ts";
import { aligned } from "./reshapeReading.ts";
import { axisLabel } from "./wiring.ts";

/** Operators whose results are committed or public. */
export function planStored(
  state: PlanState,
  operator: Extract<
    ProgramOperator,
    { kind: "requantise" | "rescale" | "divide" | "max" | "argmax" | "gather" }
  >,
): Reading {
  const { builder, labels, readings, program } = state;
  const { name, output } = operator;
  switch (operator.kind) {
    case "requantise": {
      const reading = readings[operator.input];
      const { axes, value } = state.place(reading);
      planRequantise(builder, operator, axes, value, state.addResult(output, axes));
      return state.resultReading(output, reading);
    }
    case "rescale": {
      const isPerChannel = operator.multipliers.length > 1;
      const reading = isPerChannel ? state.withWholeChannels(operator.input) : readings[operator.input];
      const { axes, value } = state.place(reading);
      const { range, shape } = program.tensors[operator.input];
      const label = isPerChannel ? axisLabel(reading, shape.length - 1, name) : null;
      const channelAxis = label === null ? null : orderedLabels(reading).indexOf(label);
      const result = state.addResult(output, axes);
      const operands = { axes, input: value, range, channelAxis, output: result };
      planRescale(builder, operator, { ...operands, pieceLength: pieceLength(program) });
      return state.resultReading(output, reading);
    }
    case "divide": {
      const { numerator: n, denominator: d } = operator;
      const [first, denominator] = aligned(labels, readings[n], state.plain(d, []), name);
      const numerator = { ...first, lengths: new Map([...denominator.lengths, ...first.lengths]) };
      const { axes, value } = state.place(numerator);
      const quotient = state.addResult(output, axes);
      const reading = state.resultReading(output, numerator);
      const origin = { kind: "product", left: output, right: d } as const;
      const product = state.addLayer(planMultiply(name, reading, denominator), origin);
      const order = orderedLabels(numerator);
      const operands = {
        numerator: value,
        denominator: placed(denominator.value, order),
        product: placed(product.value, order),
        quotientRange: program.tensors[output].range,
        denominatorRange: program.tensors[d].range,
      };
      planDivide(builder, operator, axes, operands, quotient);
      return reading;
    }
    case "gather":
      return planGatherOperator(state, operator);
    case "max": {
      const [first, right] = aligned(labels, readings[operator.left], readings[operator.right], name);
      // Each side may have labels of length 1 that the other lacks.
      const left = { ...first, lengths: new Map([...right.lengths, ...first.lengths]) };
      const { axes, value } = state.place(left);
      const other = placed(right.value, orderedLabels(left));
      const operands = {
        left: value,
        right: other,
        leftRange: program.tensors[operator.left].range,
        rightRange: program.tensors[operator.right].range,
      };
      planMax(builder, operator, axes, operands, state.addResult(output, axes));
      return state.resultReading(output, left);
    }
    case "argmax": {
      const reading = state.withWholeChannels(operator.input);
      const { shape, range } = program.tensors[operator.input];
      const label = axisLabel(reading, shape.length - 1, name);
      const order = [
        ...orderedLabels(reading).filter((other) => other !== label),
        ...(label === null ? [] : [label]),
      ];
      const axes = [...groupLengths(reading, order), ...(label === null ? [1] : [])];
      const scores = placed(reading.value, order);
      const index = state.addResult(output, axes.slice(0, -1));
      planArgMax(builder, operator, { axes, scores, range, index });
      const rows = order.filter((other) => other !== label);
      return state.resultReading(output, {
        ...reading,
        lengths: new Map(rows.map((other) => [other, reading.lengths.get(other) as number])),
        groups: reading.groups.slice(0, -1),
      });
    }
  }
}
