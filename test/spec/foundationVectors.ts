/** Values of chapters 1 to 4 of the specification: field, hash, transcript, algebra. */

import { drawPositions, drawRowCoefficients } from "../../src/commitment/opening.ts";
import { hasWork } from "../../src/commitment/proofOfWork.ts";
import * as ext from "../../src/field/ext.ts";
import { type ExtVector, getExt, toExtVector } from "../../src/field/extVector.ts";
import * as f from "../../src/field/m31.ts";
import { seededExts } from "../../src/field/testing/seededExt.ts";
import { keyedHash, labelKey } from "../../src/hash/blake3.ts";
import { hashLeaf, missingSiblings, NODE_KEY, rootFromLeaves } from "../../src/hash/merkle.ts";
import { HiddenScalar } from "../../src/masking/hiddenScalar.ts";
import { TranscriptReader } from "../../src/masking/verifier.ts";
import { eqIndexSum, eqPairPrefixSum, eqPrefixSum, eqTable, evaluateMultilinear } from "../../src/poly/eq.ts";
import { lagrangeCoefficients } from "../../src/poly/lagrange.ts";
import { reduceProducts } from "../../src/products/verifier.ts";
import { reduceSumcheck } from "../../src/sumcheck/verifier.ts";
import { Transcript } from "../../src/transcript/transcript.ts";

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function elements(vector: ExtVector): ext.Ext[] {
  return Array.from({ length: vector.length / ext.EXT_WORDS }, (_, i) => getExt(vector, i));
}

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i);
}

export function fieldVectors(): unknown {
  const pairs: [ext.Ext, ext.Ext][] = [
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
    [
      [0, 0, 1, 0],
      [0, 0, 1, 0],
    ],
    [
      [f.P - 1, f.P - 1, f.P - 1, f.P - 1],
      [f.P - 1, f.P - 2, 65536, 1],
    ],
    [seededExts(1, 1)[0], seededExts(2, 1)[0]],
  ];
  return {
    residues: [-1, 0, 1, -(2 ** 31), 2 ** 31].map((integer) => ({
      integer,
      element: f.fromInteger(integer),
    })),
    products: pairs.map(([a, b]) => ({ a, b, product: ext.mul(a, b) })),
    inverses: pairs.map(([a]) => ({ a, inverse: ext.inv(a) })),
  };
}

export function hashVectors(): unknown {
  const salt = counting(32);
  const words = Uint32Array.from({ length: 20 }, (_, i) => 1000 * i);
  const indices = [1, 2, 6, 7];
  const depth = 4;
  const leaves = indices.map((index) => hashLeaf(4, index, salt, Uint32Array.of(index, index + 1)));
  const missing = missingSiblings(indices, depth);
  const path = missing.flatMap((level, k) =>
    level.map((index) => keyedHash(NODE_KEY, Uint8Array.of(k, index))),
  );
  const state = counting(32);
  const firstNonce = (bits: number): number => {
    let nonce = 0;
    while (!hasWork(state, nonce, bits)) nonce++;
    return nonce;
  };
  const labels = [
    "transcript/v1",
    "merkle/leaf/v1",
    "merkle/node/v1",
    "grind/v1",
    "model/v1",
    "model-header/v1",
  ];
  return {
    labels: labels.map((label) => ({ label, key: hex(labelKey(label)) })),
    keyed: [0, 1, 64, 65, 1024, 1025, 3000].map((length) => ({
      note: "message: `length` bytes 0, 1, …, 255, 0, …; key: label(transcript/v1); 40 bytes of output",
      length,
      output: hex(keyedHash(labelKey("transcript/v1"), counting(length), 40)),
    })),
    leaf: { label: 2, index: 5, salt: hex(salt), words: [...words], hash: hex(hashLeaf(2, 5, salt, words)) },
    node: {
      left: hex(counting(32)),
      right: hex(counting(64).subarray(32)),
      hash: hex(keyedHash(NODE_KEY, counting(64))),
    },
    manyLeaves: {
      note: "tree label 4; every salt is 0, 1, …, 31; leaf i has the words i, i + 1",
      depth,
      indices,
      leaves: leaves.map(hex),
      missing,
      path: path.map(hex),
      root: hex(rootFromLeaves(indices, leaves, depth, path)),
    },
    work: [0, 8, 12].map((bits) => ({ state: hex(state), bits, leastNonce: firstNonce(bits) })),
  };
}

export function transcriptVectors(): unknown {
  const transcript = new Transcript("tensorproof/inference/v1");
  transcript.absorbBytes("statement", counting(5));
  const first = transcript.challengeBytes("lookup/work", 32);
  transcript.absorbExts("lookup/root", [[1, 2, 3, 4]]);
  const second = transcript.challengeExt("lookup/batch");
  const third = transcript.challengeExt("lookup/batch");
  transcript.absorbFieldWords("opening/vector", Uint32Array.of(7, 8, 9, 10));
  const coefficients = drawRowCoefficients(transcript, 3);
  const positions = drawPositions(transcript, 6, 5);
  return {
    start: "tensorproof/inference/v1",
    steps: [
      { call: "absorbBytes", label: "statement", bytes: hex(counting(5)) },
      { call: "challengeBytes", label: "lookup/work", count: 32, result: hex(first) },
      { call: "absorbExts", label: "lookup/root", values: [[1, 2, 3, 4]] },
      { call: "challengeExt", label: "lookup/batch", result: second },
      { call: "challengeExt", label: "lookup/batch", result: third },
      { call: "absorbWords", label: "opening/vector", words: [7, 8, 9, 10] },
      { call: "rowCoefficients", count: 3, result: coefficients },
      { call: "positions", Q: 6, h: 5, result: positions },
    ],
  };
}

function form(scalar: { constant: ext.Ext; pads: ReadonlyMap<number, ext.Ext> }): unknown {
  const pads = [...scalar.pads].sort(([a], [b]) => a - b);
  return { constant: scalar.constant, pads: pads.map(([pad, coefficient]) => ({ pad, coefficient })) };
}

export function algebraVectors(): unknown {
  const z = seededExts(11, 3);
  const y = seededExts(12, 3);
  const values = seededExts(13, 8);
  const limits = [0, 1, 5, 8];
  const theta: ext.Ext = [3, 1, 4, 1];
  const scalars = seededExts(14, 6);
  const reader = new TranscriptReader(new Transcript("test"), toExtVector(scalars));
  const claim = seededExts(15, 1)[0];
  const reduced = reduceSumcheck(reader, HiddenScalar.known(claim), 2, 3);
  const sent = seededExts(16, 5);
  const triple = (x: number, seed: number) => ({
    name: `triple ${x}`,
    x: HiddenScalar.known(seededExts(seed, 1)[0]),
    y: HiddenScalar.known(seededExts(seed + 1, 1)[0]),
    z: HiddenScalar.known(seededExts(seed + 2, 1)[0]),
  });
  const triples = [triple(0, 20), triple(1, 30)];
  const equations = reduceProducts(new TranscriptReader(new Transcript("test"), toExtVector(sent)), triples);
  return {
    z,
    y,
    eqTable: elements(eqTable(z)),
    prefix: limits.map((limit) => ({ limit, value: eqPrefixSum(z, limit) })),
    prefixPair: limits.map((limit) => ({ limit, value: eqPairPrefixSum(z, y, limit) })),
    indexSum: limits.map((limit) => ({ limit, value: eqIndexSum(z, limit) })),
    extension: { values, atZ: evaluateMultilinear(toExtVector(values), z) },
    lagrange: { theta, nodes: 5, coefficients: lagrangeCoefficients(5, theta) },
    sumcheck: {
      note: 'transcript started with "test"; the six scalars are read in order; first pad 3',
      claim,
      rounds: 2,
      degree: 3,
      scalars,
      point: reduced.point,
      value: form(reduced.value),
    },
    products: {
      note: 'transcript started with "test"; known x, y, z of two triples (no triple need hold here); first pad 3',
      triples: triples.map(({ x, y: right, z: product }) => [x.constant, right.constant, product.constant]),
      scalars: sent,
      equations: equations.map(({ hidden }) => form(hidden)),
    },
  };
}
