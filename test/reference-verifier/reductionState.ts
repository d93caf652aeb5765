/**
 * What the steps of the reduction share: docs/spec/15-reduction.md.
 */
import { type LayerReading, readingKey } from "./claimedReadings.ts";
import { type PublicValues, pointOfView, Relation, slicedPoint, type ViewClaim } from "./claims.ts";
import type { LinearRelation } from "./linearRelation.ts";
import type { Hidden, Messages } from "./masking.ts";
import { type Point, splitPoint } from "./multilinear.ts";
import type { LayerSource, Plan } from "./plan.ts";
import type { ProductTriple } from "./products.ts";

/** acc̃(point) = value */
export interface LayerClaim {
  readonly layer: number;
  readonly point: Point;
  readonly value: Hidden;
}

export class Reduction {
  readonly plan: Plan;
  readonly messages: Messages;
  readonly publicValues: PublicValues;
  readonly relations: LinearRelation[] = [];
  readonly products: ProductTriple[] = [];
  readonly layerClaims: LayerClaim[] = [];
  readonly viewClaims: ViewClaim[] = [];

  constructor(plan: Plan, messages: Messages, publicValues: PublicValues) {
    this.plan = plan;
    this.messages = messages;
    this.publicValues = publicValues;
  }

  relation(): Relation {
    return new Relation(this.plan, this.publicValues);
  }

  settle(relation: Relation): void {
    this.relations.push(relation.settle(this.messages, this.viewClaims));
  }

  claimLayer(reading: LayerReading, z: Point, value: Hidden): void {
    this.layerClaims.push({ layer: reading.source.layer, point: readingPoint(reading, z), value });
  }

  /** Claims all readings with fresh hidden scalars; what then stands for a reading over view axes. */
  claimReadings(
    readings: readonly LayerReading[],
    label: string,
    z: Point,
  ): (viewAxes: readonly number[]) => (source: LayerSource) => Hidden {
    const values = new Map<string, Hidden>();
    for (const reading of readings) {
      const value = this.messages.hidden(label);
      this.claimLayer(reading, z, value);
      values.set(reading.key, value);
    }
    return (viewAxes) => (source) => values.get(readingKey(source, viewAxes))!;
  }
}

/** The point of a layer's output that a reading means, from a point whose last coordinates are the view's. */
function readingPoint({ source, viewAxes }: LayerReading, z: Point): Point {
  const parts = splitPoint(viewAxes, pointOfView(viewAxes, z));
  return source.axes.flatMap((axis, i) => slicedPoint(source.slices[i], viewAxes[axis]!, parts[axis]!));
}

/** For expressions that read no layers. */
export function noLayers(): never {
  throw new Error("a layer in an operand");
}
