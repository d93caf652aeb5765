import { describe, expect, it } from "vitest";
import { parseSuite } from "./parseSuite.ts";

const SUITE = {
  format: "tensorproof-suite",
  version: 1,
  name: "small",
  title: "Small",
  description: "One model.",
  models: [{ name: "digits", file: "model.onnx", data: "digits.json" }],
  backends: ["native"],
  settings: [{ name: "eight", activationBits: 8 }],
};

function parse(changes: object): ReturnType<typeof parseSuite> {
  return parseSuite(JSON.stringify({ ...SUITE, ...changes }), "small.json");
}

describe("parseSuite", () => {
  it("fills in defaults, which settings override", () => {
    const { settings } = parse({
      defaults: { repetitions: 5, activationBits: 10 },
      settings: [{ name: "a" }, { name: "b", activationBits: 6 }],
    });
    expect(settings).toEqual([
      { name: "a", repetitions: 5, activationBits: 10 },
      { name: "b", repetitions: 5, activationBits: 6 },
    ]);
  });

  it("names everything unknown at once", () => {
    const parseBad = (): unknown =>
      parse({
        colour: "red",
        models: [{ name: "digits", file: "m.onnx", weight: 3 }],
        backends: ["native", "groth17"],
        settings: [
          { name: "a", bitz: 3 },
          { name: "a", bits: 99, backends: ["plunk"] },
        ],
        published: { file: "p.json", models: { theirs: "nobody" } },
      });
    expect(parseBad).toThrow(expect.objectContaining({ code: "suite.invalid", where: "small.json" }));
    for (const word of ["colour", "weight", "data", "groth17", "bitz", "99", "plunk", "twice", "nobody"])
      expect(parseBad).toThrow(new RegExp(word));
  });

  it("refuses other versions and other files", () => {
    expect(() => parse({ version: 2 })).toThrow(expect.objectContaining({ code: "suite.version" }));
    expect(() => parse({ format: "other" })).toThrow(expect.objectContaining({ code: "suite.invalid" }));
    expect(() => parseSuite("{", "s")).toThrow(expect.objectContaining({ code: "suite.invalid" }));
  });
});
