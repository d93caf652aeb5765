/**
 * A linear equation that an honest run satisfies: Σ factor · T̃(point) + Σ views + hidden = 0 over committed tensors and
 * pads. Public tensors are evaluated on the spot and end in the constant.
 */
import { EXT_WORDS, type Ext, mul, ONE, scale } from "../field/ext.ts";
import { dotBase, type ExtVector, makeExtVector } from "../field/extVector.ts";
import type { HiddenScalar } from "../masking/hiddenScalar.ts";
import { HiddenSum } from "../masking/hiddenSum.ts";
import { eqIndexSum, eqPrefixSum, eqTable, type Point } from "../poly/eq.ts";
import { realIndicator, splitPoint } from "./axes.ts";
import type { AlignedSlice, Expression, LayerId, PlanTensor, PlanTensorId, Source } from "./plan.ts";
import { evaluateWeighted, isMappedSource, resolveWires, type ViewTerm } from "./view.ts";

export interface TensorTerm {
  readonly tensor: PlanTensorId;
  readonly point: Point;
  readonly factor: Ext;
}

/** A layer's results as an expression reads them: its output axes are those of a view, in another order perhaps. */
export interface LayerReading {
  readonly layer: LayerId;
  /** Lengths of the view's axes. */
  readonly viewAxes: readonly number[];
  /** Axis of the view for each output axis of the layer. */
  readonly axes: readonly number[];
  readonly slices?: readonly (AlignedSlice | undefined)[];
}

/** What the evaluation of an expression needs besides the plan. */
export interface EvaluationContext {
  readonly tensors: readonly PlanTensor[];
  /** Values of a public tensor over its real cells, row-major. */
  publicValues(tensor: PlanTensorId): Int32Array;
  /** Accumulator evaluation at the current view's point: which coordinates are the layer's depends on the reading. */
  layerValue(reading: LayerReading): HiddenScalar;
}

export class Relation {
  readonly name: string;
  readonly hidden: HiddenSum = new HiddenSum();
  readonly terms: TensorTerm[] = [];
  /** Terms that are no evaluation at a point yet; whoever makes the relation moves them to view claims. */
  readonly views: ViewTerm[] = [];

  private lastPoint: Point | null = null;
  private lastTable: ExtVector = makeExtVector(0);

  constructor(name: string) {
    this.name = name;
  }

  addHidden(value: HiddenScalar, factor: Ext): void {
    this.hidden.add(value, factor);
  }

  addKnown(value: Ext): void {
    this.hidden.addKnown(value);
  }

  /** Adds factor · T̃(point). */
  addTensor(context: EvaluationContext, tensor: PlanTensorId, point: Point, factor: Ext): void {
    if (context.tensors[tensor].holder === "public") {
      const value = evaluateTensor(context.tensors[tensor].axes, context.publicValues(tensor), point);
      this.addKnown(mul(factor, value));
    } else {
      this.terms.push({ tensor, point, factor });
    }
  }

  /** Adds factor · (multilinear extension of the expression on the section's real cells, zero elsewhere)(point). */
  addExpression(
    context: EvaluationContext,
    axes: readonly number[],
    expression: Expression,
    point: Point,
    factor: Ext,
  ): void {
    this.addKnown(mul(factor, scale(realIndicator(axes, point), expression.constant)));
    for (const term of expression.terms)
      this.addSource(context, axes, term.source, point, scale(factor, term.factor));
  }

  private addSource(
    context: EvaluationContext,
    axes: readonly number[],
    source: Source,
    point: Point,
    factor: Ext,
  ): void {
    switch (source.kind) {
      case "layer": {
        const reading = { ...source, viewAxes: axes };
        this.addHidden(context.layerValue(reading), mul(factor, besideLayer(reading, point)));
        return;
      }
      case "values":
        this.addKnown(mul(factor, dotBase(source.values, this.eqTableAt(point, axes[0]))));
        return;
      case "index":
        this.addKnown(mul(factor, indexExtension(axes, source.axis, point)));
        return;
      case "tensor":
        this.addView(context, axes, source, splitPoint(axes, point), factor);
    }
  }

  /** The table of one point serves all columns of a section, and all sections as long: they share their coordinates. */
  private eqTableAt(point: Point, length: number): ExtVector {
    const isKnown =
      this.lastTable.length === EXT_WORDS * length &&
      this.lastPoint?.length === point.length &&
      point.every((coordinate, i) => coordinate === this.lastPoint?.[i]);
    if (!isKnown) {
      this.lastTable = eqTable(point, length);
      this.lastPoint = point;
    }
    return this.lastTable;
  }

  private addView(
    context: EvaluationContext,
    axes: readonly number[],
    source: Extract<Source, { kind: "tensor" }>,
    parts: readonly Point[],
    factor: Ext,
  ): void {
    const { tensor, wires } = source;
    const tensorAxes = tensor === null ? [] : context.tensors[tensor].axes;
    const resolved = resolveWires(axes, tensorAxes, wires, parts, factor);
    if (tensor === null) {
      this.addKnown(resolved.factor);
    } else if (context.tensors[tensor].holder === "public") {
      const value = evaluateWeighted(tensorAxes, context.publicValues(tensor), resolved.weights);
      this.addKnown(mul(resolved.factor, value));
    } else if (isMappedSource(context.tensors, source)) {
      this.views.push({ tensor, ...resolved });
    } else {
      const point = resolved.weights.flatMap((weight) => (weight.kind === "point" ? weight.point : []));
      this.terms.push({ tensor, point, factor: resolved.factor });
    }
  }
}

/**
 * Multilinear extension, at a point, of integers over the real cells of the axes. Costs what the real cells do: padding
 * may be many times as large.
 */
export function evaluateTensor(axes: readonly number[], values: Int32Array, point: Point): Ext {
  const weights = splitPoint(axes, point).map((own) => ({ kind: "point", point: own }) as const);
  return evaluateWeighted(axes, values, weights);
}

/** The extension of 1 along the view's axes that a layer is not read along. */
function besideLayer({ axes, viewAxes }: LayerReading, point: Point): Ext {
  const parts = splitPoint(viewAxes, point);
  return viewAxes.reduce(
    (product, length, axis) =>
      axes.includes(axis) ? product : mul(product, eqPrefixSum(parts[axis], length)),
    ONE,
  );
}

/** Σ_x index of x along `axis` · eq(point, x) over real cells. */
function indexExtension(axes: readonly number[], axis: number, point: Point): Ext {
  const parts = splitPoint(axes, point);
  return axes.reduce(
    (product, length, i) => (i === axis ? product : mul(product, eqPrefixSum(parts[i], length))),
    eqIndexSum(parts[axis], axes[axis]),
  );
}
