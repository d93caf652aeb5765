/** Product check, code, layout, security: chapters 4.6, 5 and 8 of docs/spec against their vectors. */
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.ts";
import { basisAt, domainPoint, standardPoint, symbolAt } from "./circle.ts";
import { k } from "./field.ts";
import { log2Down, SIZE } from "./log2.ts";
import { known, Messages } from "./masking.ts";
import { leafHash, missingNodes, nodeHash, rootOf, workIsDone } from "./merkle.ts";
import { queryBits, vectorLength } from "./parameters.ts";
import { checkProducts, lagrangeCoefficients } from "./products.ts";
import { securityLevel, securityTerms } from "./security.ts";
import { makeStack, rowShape, storedRows } from "./stack.ts";
import { Transcript } from "./transcript.ts";
import { element, vectors } from "./vectors.ts";

describe("Merkle trees", () => {
  const hashes = vectors("hash");

  it("hashes leaves and nodes", () => {
    const { leaf, node } = hashes;
    expect(hex(leafHash(leaf.label, leaf.index, fromHex(leaf.salt), leaf.words.map(BigInt)))).toBe(leaf.hash);
    expect(hex(nodeHash(fromHex(node.left), fromHex(node.right)))).toBe(node.hash);
  });

  it("finds the root from many leaves", () => {
    const { indices, depth, leaves, missing, path, root } = hashes.manyLeaves;
    expect(missingNodes(indices, depth)).toEqual(missing);
    const salt = Uint8Array.from({ length: 32 }, (_, index) => index);
    const computed = indices.map((index: number) =>
      leafHash(4, index, salt, [BigInt(index), BigInt(index + 1)]),
    );
    expect(computed.map(hex)).toEqual(leaves);
    expect(hex(rootOf(indices, computed, path.map(fromHex), depth))).toBe(root);
  });

  it("knows when work is done", () => {
    for (const { state, bits, leastNonce } of hashes.work) {
      expect(workIsDone(fromHex(state), leastNonce, bits)).toBe(true);
      for (let nonce = 0; nonce < Math.min(leastNonce, 300); nonce++) {
        expect(workIsDone(fromHex(state), nonce, bits)).toBe(false);
      }
    }
  });
});

describe("product check", () => {
  const { lagrange, products } = vectors("algebra");

  it("interpolates", () => {
    const { theta, nodes, coefficients } = lagrange;
    expect(lagrangeCoefficients(nodes, element(theta))).toEqual(coefficients.map(element));
  });

  it("leaves the equations of the vectors", () => {
    const messages = new Messages(new Transcript("test"), products.scalars.map(element));
    const triples = products.triples.map(([x, y, z]: number[][]) => ({
      x: known(element(x!)),
      y: known(element(y!)),
      z: known(element(z!)),
    }));
    const relations = checkProducts(messages, triples);
    expect(relations.length).toBe(products.equations.length);
    for (const [index, { form }] of relations.entries()) {
      const { constant, pads } = products.equations[index];
      expect(form.constant).toEqual(element(constant));
      const expected = pads.map(({ pad, coefficient }: { pad: number; coefficient: number[] }) => [
        pad,
        element(coefficient),
      ]);
      expect([...form.pads].sort(([a], [b]) => a - b)).toEqual(expected);
    }
  });
});

describe("circle code", () => {
  const code = vectors("code");
  const point = ({ x, y }: { x: number; y: number }) => ({ x: BigInt(x), y: BigInt(y) });

  it("has the points and the basis of the vectors", () => {
    for (const { k: order, point: expected } of code.standardPoints) {
      expect(standardPoint(order)).toEqual(point(expected));
    }
    const { h, points } = code.domain;
    for (const [index, expected] of points.entries()) expect(domainPoint(index, h)).toEqual(point(expected));
    const { basis } = code;
    expect(basisAt(domainPoint(basis.position, basis.h), basis.values.length)).toEqual(
      basis.values.map(BigInt),
    );
  });

  it("encodes", () => {
    const { codeword, codewordOverK } = code;
    for (const [index, symbol] of codeword.symbols.entries()) {
      expect(symbolAt(codeword.coefficients.map(k), index, codeword.h)).toEqual(k(symbol));
    }
    const coefficients = codewordOverK.coefficients.map(element);
    for (const [place, position] of codewordOverK.positions.entries()) {
      expect(symbolAt(coefficients, position, codewordOverK.h)).toEqual(
        element(codewordOverK.symbols[place]),
      );
    }
  });

  it("lays tensors in rows", () => {
    for (const { axes, d, rows } of code.tensorRows) {
      const shape = rowShape(axes, d);
      expect(storedRows(shape)).toEqual(rows);
      expect(shape.numRows).toBe(rows.length);
    }
  });
});

it("lets small tensors share rows, largest first", () => {
  const axes = [[2], [3], [5], [], [4]];
  const tensors = axes.map((lengths) => ({ axes: lengths, holder: "advice" as const }));
  const stack = makeStack(tensors, 9, { ...vectors("security").parameters, logColumns: 3 });
  const places = stack.tensors.map(({ tensor, firstRow, firstColumn }) => [tensor, firstRow, firstColumn]);
  expect(places).toEqual([
    [2, 0, 0],
    [1, 1, 0],
    [4, 1, 4],
    [0, 2, 0],
    [3, 2, 2],
  ]);
  expect(stack).toMatchObject({ firstPadRow: 3, padRows: 2, firstMaskRow: 11, numRows: 23 });
});

describe("security", () => {
  const security = vectors("security");

  it("counts bits in binary64 as specified", () => {
    expect(SIZE).toBe(security.size);
    for (const { x, value } of security.log2Down) expect(log2Down(x)).toBe(value);
    expect(queryBits(security.parameters, vectorLength(security.parameters))).toBe(security.queryBits);
  });

  it("has the terms of the vectors", () => {
    const { sections, equalityAxes, scalars, products, layerClaims, viewClaims } = security.plan;
    const cells = sections.map(({ axes }: { axes: number[] }) => axes.reduce((a, b) => a * b, 1));
    const numbers = {
      maxColumns: Math.max(...sections.map(({ columns }: { columns: number }) => columns)),
      sectionCells: cells.reduce((a: number, b: number) => a + b, 0),
      equalityVariables: 2,
      equalities: equalityAxes.length,
      layerClaims,
      viewClaims,
      products,
      scalars,
    };
    expect(securityTerms(numbers, security.parameters).map(({ bits }) => bits)).toEqual(
      security.terms.map(({ bits }: { bits: number }) => bits),
    );
    expect(securityLevel(numbers, security.parameters)).toBe(security.bits);
  });
});
