import { TensorproofError } from "../errors/tensorproofError.ts";

/** The refusal of a backend whose optional package is not installed. */
export function missingPeer(
  backend: string,
  peer: string,
  version: string,
  cause: unknown,
): TensorproofError {
  return new TensorproofError(
    "backend.missingPeer",
    `the backend "${backend}" needs the optional package ${peer} (npm install ${peer}@${version})`,
    { where: peer, cause },
  );
}
