/** What a proof will take, said before it begins, and refused where it is more than the user allows. */
import { type Command, InvalidArgumentError } from "commander";
import { readVerificationKey } from "../engine/verificationKey.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import type { Visibilities } from "../relations/visibility.ts";
import { type Estimate, estimateProof } from "./estimate.ts";
import { measureSpeed } from "./forecast/machineSpeed.ts";

export interface MaxMemoryOption {
  readonly maxMemory?: number;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
/** What the memory of the kernels can grow to. */
const KERNEL_LIMIT = 2 ** 32;
/** What is forecast to take less is not worth the tenth of a second that measuring this machine takes. */
const MEASURED_FROM_MS = 2000;

export function addMaxMemoryOption(command: Command): Command {
  return command.option(
    "--max-memory <size>",
    "refuse at once what is forecast to need more, for example 2G or 500M",
    memorySize,
  );
}

function memorySize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMG]?)i?B?$/i.exec(text) ?? [];
  const bytes = Number(number) * UNITS[unit?.toUpperCase()];
  if (!(bytes > 0)) throw new InvalidArgumentError("Expected bytes, for example 2G or 500M.");
  return bytes;
}

export interface ForecastRequest {
  readonly program: Program;
  readonly visibilities: Visibilities;
  readonly batch: number;
  readonly threads: number;
  /** Null where setup comes first. */
  readonly verificationKey: Uint8Array | null;
}

export function forecast(request: ForecastRequest): Estimate {
  const { program, visibilities, batch, threads, verificationKey } = request;
  const key = verificationKey === null ? null : readVerificationKey(verificationKey);
  // The key decides who sees the weights, as proving.ts has it.
  const weights = key?.weights.kind === "public" ? "public" : visibilities.weights;
  const structure = programStructure(program);
  const options = {
    visibilities: { ...visibilities, weights },
    batch,
    threads,
    ...(key === null ? {} : { parameters: key.parameters }),
  };
  const assumed = estimateProof(structure, options);
  if (assumed.firstMs < MEASURED_FROM_MS) return assumed;
  return estimateProof(structure, { ...options, speed: measureSpeed() });
}

export function forecastText({ firstMs, peakBytes }: Estimate): string {
  return `${duration(firstMs)}, ${mebibytes(peakBytes)}`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toPrecision(2)} s`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** @throws TensorproofError `resources.memory` */
export function requireMemory(estimate: Estimate, { maxMemory }: MaxMemoryOption): void {
  const { peakBytes, kernelBytes } = estimate;
  if (maxMemory !== undefined && peakBytes > maxMemory) {
    refuse(estimate, `of memory, --max-memory allows ${mebibytes(maxMemory)}`, "--max-memory");
  }
  if (kernelBytes > KERNEL_LIMIT) {
    refuse(
      estimate,
      `of memory, more than a WebAssembly memory can have; prove fewer samples at once`,
      "batch",
    );
  }
}

function refuse(estimate: Estimate, reason: string, where: string): never {
  const message = `this proof is forecast to take ${mebibytes(estimate.peakBytes)} ${reason}`;
  throw new TensorproofError("resources.memory", message, {
    category: "resources",
    where,
    details: { forecast: estimate },
  });
}
