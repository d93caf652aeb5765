/** The prover's side of relations/reduce.ts: the same messages in the same order. */
import type { PlanTensorId, ProofPlan } from "../claims/plan.ts";
import type { Ext } from "../field/ext.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { placeSections } from "../lookup/cube.ts";
import { type LayerProducts, proveLookups } from "../lookup/prover.ts";
import { PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y } from "../masking/messages.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import { proveProducts } from "../products/prover.ts";
import { lookedUpLayers } from "./leaves.ts";
import { bindClaim, proveLayerClaims } from "./matmul/prover.ts";
import * as reduce from "./reduce.ts";
import type { Witness } from "./witness/witness.ts";

export function provePlan(
  kernels: KernelSet,
  plan: ProofPlan,
  writer: TranscriptWriter,
  witness: Witness,
  pads: (index: number) => Ext,
): void {
  const mark = kernels.mark();
  const cube = placeSections(plan.sections);
  const alpha = writer.challenge(reduce.LABEL_ALPHA);
  const beta = writer.challenge(reduce.LABEL_BETA);
  const zeta = Array.from({ length: reduce.outputVariables(plan) }, () =>
    writer.challenge(reduce.LABEL_ZETA),
  );

  const values = {
    columns: witness.columns,
    multiplicities: (section: { multiplicity: PlanTensorId | null }) =>
      witness.tensor(section.multiplicity as number).ptr,
  };
  const leaf: LayerProducts = proveLookups(kernels, writer, cube, values, { alpha, beta }, pads(PAD_DELTA));
  const claims = [];
  for (const layer of lookedUpLayers(cube)) {
    const claim = bindClaim(
      kernels,
      plan.layers[layer],
      witness.tensor,
      reduce.layerSuffix(plan, layer, leaf.point),
    );
    writer.hidden(reduce.LABEL_LEAF_LAYER, claim.value);
    claims.push(claim);
  }
  for (const { layer, tensor } of plan.outputs) {
    const claim = bindClaim(
      kernels,
      plan.layers[layer],
      witness.tensor,
      reduce.layerSuffix(plan, layer, zeta),
    );
    if (plan.tensors[tensor].holder !== "public") writer.hidden(reduce.LABEL_OUTPUT_LAYER, claim.value);
    claims.push(claim);
  }
  const products = [...leaf.products, ...proveLayerClaims(kernels, writer, plan, claims)];
  proveProducts(writer, products, { x: pads(PAD_PRODUCT_X), y: pads(PAD_PRODUCT_Y) });
  kernels.release(mark);
}
