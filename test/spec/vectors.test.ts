/** The vectors of the specification are what the code computes. `node scripts/specVectors.mjs` writes them. */
import { describe, expect, it } from "vitest";
import { codeVectors, openingVectors, securityVectors } from "./commitmentVectors.ts";
import { fileVectors } from "./fileVectors.ts";
import { algebraVectors, fieldVectors, hashVectors, transcriptVectors } from "./foundationVectors.ts";
import { type Json, jsonText } from "./planVectors.ts";

const VECTORS = {
  field: fieldVectors,
  hash: hashVectors,
  transcript: transcriptVectors,
  algebra: algebraVectors,
  code: codeVectors,
  opening: openingVectors,
  files: fileVectors,
  security: securityVectors,
};

describe("vectors of the specification", () => {
  it.each(Object.entries(VECTORS))("%s", async (name, compute) => {
    await expect(jsonText(compute() as Json)).toMatchFileSnapshot(`../../docs/spec/vectors/${name}.json`);
  });
});
