/**
 * Barretenberg's steps. Target `evm`: UltraHonk with masked polynomials (zero-knowledge) and Keccak as its hash, which is
 * what its Solidity verifier takes.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { lastWords, runStep, type StepFiles, type StepResult, type Tools } from "./nodeTools.ts";
import { CEREMONY_G2, firstPoint } from "./referenceString.ts";

const TARGET = ["-t", "evm"];
const CRS = "crs";

export interface BarretenbergOptions {
  readonly tools: Tools;
  readonly limitMs: number;
  readonly threads?: number;
}

/** @param points of the reference string; none: Barretenberg's own folder, or Aztec's servers */
async function step(
  { tools, limitMs, threads }: BarretenbergOptions,
  name: string,
  args: readonly string[],
  given: StepFiles,
  wanted: readonly string[],
  points: Uint8Array,
): Promise<StepResult> {
  const own = points.length > 0;
  const files = own ? { ...given, [`${CRS}/bn254_g1.dat`]: points } : given;
  const limits = { name: `bb ${name}`, limitMs, ...(threads === undefined ? {} : { threads }) };
  return runStep(tools.bb, [name, ...args, ...(own ? ["-c", CRS] : [])], files, wanted, limits);
}

async function required(result: Promise<StepResult>, name: string): Promise<StepResult["files"]> {
  const { code, text, files } = await result;
  if (code === 0) return files;
  if (/HTTP request failed|Could not establish connection/.test(text)) {
    throw new TensorproofError(
      "setup.noSrs",
      "ultrahonk needs the reference string of Aztec's ceremony, which is neither on this machine nor to be had from crs.aztec-cdn.foundation: put bn254_g1.dat (64 bytes for each point) into ~/.bb-crs or the folder that CRS_PATH names, give it as a reference string (kind srs), or ask for an insecure one",
      { where: "trusted setup" },
    );
  }
  throw new TensorproofError("backend.failed", `Barretenberg failed at ${name}: ${lastWords(text)}`, {
    where: name,
  });
}

const NONE = new Uint8Array();

/** Gates of a circuit before they are rounded up to a power of two. */
export async function countGates(options: BarretenbergOptions, circuit: Uint8Array): Promise<number> {
  const args = ["-b", "program.json", ...TARGET];
  const { code, text } = await step(options, "gates", args, { "program.json": circuit }, [], NONE);
  const found = /"circuit_size":\s*(\d+)/.exec(text);
  if (code === 0 && found !== null) return Number(found[1]);
  throw new TensorproofError("backend.failed", `Barretenberg failed at gates: ${lastWords(text)}`, {
    where: "gates",
  });
}

/** @throws TensorproofError `setup.noSrs`, `backend.failed` */
export async function writeKey(
  options: BarretenbergOptions,
  circuit: Uint8Array,
  points: Uint8Array,
): Promise<Uint8Array> {
  const args = ["-b", "program.json", "-o", ".", ...TARGET];
  const files = step(options, "write_vk", args, { "program.json": circuit }, ["vk"], points);
  return (await required(files, "write_vk")).vk;
}

/** @throws TensorproofError `setup.noSrs`, `backend.failed` */
export async function proveCircuit(
  options: BarretenbergOptions,
  { circuit, witness, key, points }: Readonly<Record<"circuit" | "witness" | "key" | "points", Uint8Array>>,
): Promise<Uint8Array> {
  const args = ["-b", "program.json", "-w", "witness.gz", "-k", "vk", "-o", ".", ...TARGET];
  const given = { "program.json": circuit, "witness.gz": witness, vk: key };
  return (await required(step(options, "prove", args, given, ["proof"], points), "prove")).proof;
}

/** Needs no network: of the reference string a verifier reads two points, which are known. */
export async function verifyCircuit(
  options: BarretenbergOptions,
  proof: Uint8Array,
  publicInputs: Uint8Array,
  key: Uint8Array,
): Promise<{ readonly isTrue: boolean; readonly text: string }> {
  const args = ["-p", "proof", "-k", "vk", "-i", "public_inputs", ...TARGET];
  const given = { proof, vk: key, public_inputs: publicInputs };
  const { code, text } = await step(options, "verify", args, given, [], firstPoint());
  return { isTrue: code === 0 && text.includes("Proof verified successfully"), text };
}

/**
 * A copy of Barretenberg that verifies proofs over another reference string than the ceremony's, whose point is compiled
 * into it: the copy has the other point in that place. Null where that cannot be done.
 */
export class PatchedBarretenberg {
  private readonly tools: Tools;
  private folder: string | null = null;
  private readonly copies = new Map<string, Promise<string | null>>();

  constructor(tools: Tools) {
    this.tools = tools;
  }

  async for(g2: Uint8Array): Promise<Tools | null> {
    const name = Array.from(g2, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const copy = this.copies.get(name) ?? this.write(g2, this.copies.size);
    this.copies.set(name, copy);
    const bb = await copy;
    return bb === null ? null : { ...this.tools, bb };
  }

  private async write(g2: Uint8Array, number: number): Promise<string | null> {
    // Elsewhere a changed program has no valid signature, or is of another build.
    if (process.platform !== "linux") return null;
    const program = await readFile(this.tools.bb);
    const at = program.indexOf(CEREMONY_G2);
    if (at < 0 || program.indexOf(CEREMONY_G2, at + 1) >= 0) return null;
    program.set(g2, at);
    this.folder ??= await mkdtemp(join(tmpdir(), "tensorproof-bb-"));
    const path = join(this.folder, `bb-${number}`);
    await writeFile(path, program);
    await chmod(path, 0o700);
    return path;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.copies.values());
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }
}
