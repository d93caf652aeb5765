/**
 * Proofs of yesterday. Under today's versions they must verify, absorb and draw what they did, and the compiler must still
 * write the same programs; under other versions they must be refused as such. After a change of the format give it a new
 * version and run `npm run golden -- --write`: older folders stay.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROOF_VERSION } from "../../src/engine/proofFile.ts";
import { KEY_VERSION } from "../../src/engine/verificationKey.ts";
import { parseProgram, serialiseProgram } from "../../src/program/programFile.ts";
import { STRUCTURE_VERSION } from "../../src/program/structureFormat.ts";
import { checkVerificationKey, verifyWithKey } from "../../src/verify.ts";
import { folderName, goldenFolders, readGolden } from "./files.ts";
import { GOLDEN_RUNS, goldenProgram } from "./goldenRuns.ts";
import { observe } from "./observe.ts";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const today = folderName({ proof: PROOF_VERSION, key: KEY_VERSION, structure: STRUCTURE_VERSION });
const folders = goldenFolders(ROOT);

it("there are golden files of today's versions", () => {
  expect(folders).toContain(today);
});

describe.each(GOLDEN_RUNS)("golden files of today: $name", (run) => {
  const { files, observed } = readGolden(`${ROOT}/${today}/${run.name}`);

  it("verify as they did, step by step", () => {
    const { refused, statement, transcript } = observe(files);
    expect(refused).toBeNull();
    expect(statement).toEqual(observed.statement);
    expect(transcript).toEqual(observed.transcript);
  });

  it("hold the program's one encoding", () => {
    expect(serialiseProgram(parseProgram(files.program))).toEqual(files.program);
    expect(serialiseProgram(goldenProgram(run))).toEqual(files.program);
  });

  it("are refused as another version when they say so", () => {
    const other = (bytes: Uint8Array): Uint8Array => {
      const changed = bytes.slice();
      changed[4]++;
      return changed;
    };
    const checked = checkVerificationKey(files.key);
    if (!checked.ok) throw new Error(checked.error.code);
    expect(verifyWithKey(other(files.proof), checked.key)).toMatchObject({
      error: { code: "proof.version" },
    });
    expect(checkVerificationKey(other(files.key))).toMatchObject({ error: { code: "key.version" } });
    expect(() => parseProgram(other(files.program))).toThrow(
      expect.objectContaining({ code: "program.version" }),
    );
  });
});

describe.each(folders.filter((folder) => folder !== today))("golden files of %s", (folder) => {
  it.each(goldenFolders(`${ROOT}/${folder}`))("are refused as another version: %s", (name) => {
    const { files } = readGolden(`${ROOT}/${folder}/${name}`);
    expect(observe(files).refused).toMatch(/^(proof|key|program)\.version$/);
  });
});
