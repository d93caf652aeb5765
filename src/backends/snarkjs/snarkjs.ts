/** The part of snarkjs that is used, as version 0.7.6 offers it. It is GPL-3.0 and never part of this package. */
import { loadPeer, type Peer } from "../peers/loadPeer.ts";

/** A file in memory: read from `data`, or filled by whoever writes it. */
export interface MemoryFile {
  readonly type: "mem";
  data?: Uint8Array;
}

export interface SnarkLogger {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Points and scalars as decimal numbers, points with a third coordinate 1. */
export type ProofJson = Readonly<Record<string, unknown>>;

interface Prover {
  prove(
    zkey: MemoryFile,
    wtns: MemoryFile,
    logger?: SnarkLogger,
    options?: { readonly singleThread: boolean },
  ): Promise<{ readonly proof: ProofJson; readonly publicSignals: readonly string[] }>;
  verify(
    key: unknown,
    publicSignals: readonly string[],
    proof: ProofJson,
    logger?: SnarkLogger,
  ): Promise<boolean>;
}

interface Setup {
  /** −1 where the powers of tau are too few; the logger hears why. */
  setup(
    r1cs: MemoryFile,
    ptau: MemoryFile,
    zkey: MemoryFile,
    logger?: SnarkLogger,
  ): Promise<number | undefined>;
}

export interface Snarkjs {
  readonly groth16: Prover;
  readonly plonk: Prover & Setup;
  readonly fflonk: Prover & Setup;
  readonly zKey: {
    newZKey(
      r1cs: MemoryFile,
      ptau: MemoryFile,
      zkey: MemoryFile,
      logger?: SnarkLogger,
    ): Promise<number | Uint8Array>;
    contribute(
      from: MemoryFile,
      to: MemoryFile,
      name: string,
      entropy: string,
      logger?: SnarkLogger,
    ): Promise<Uint8Array>;
    exportVerificationKey(zkey: MemoryFile, logger?: SnarkLogger): Promise<unknown>;
  };
}

export const SNARKJS: Peer = { name: "snarkjs", version: "0.7.6" };

/** @throws TensorproofError `backend.missingPeer` */
export async function loadSnarkjs(backend: string): Promise<Snarkjs> {
  return (await loadPeer(backend, SNARKJS)) as Snarkjs;
}

/** Ends the threads that snarkjs keeps for the curve, without which a process does not end. */
export async function endSnarkjs(): Promise<void> {
  const curve = (globalThis as { curve_bn128?: { terminate(): Promise<void> } | null }).curve_bn128;
  await curve?.terminate();
}

export function memoryFile(data?: Uint8Array): MemoryFile {
  return data === undefined ? { type: "mem" } : { type: "mem", data };
}

/** What was written to a file in memory. */
export function written({ data }: MemoryFile): Uint8Array {
  if (data === undefined) throw new TypeError("snarkjs wrote no file");
  return data;
}
