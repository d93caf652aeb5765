/** Optional packages: found beside this package, or in a folder of their own that TENSORPROOF_PEERS names. */
import { TensorproofError } from "../../errors/tensorproofError.ts";

export interface Peer {
  readonly name: string;
  /** The version that this release is tested with. */
  readonly version: string;
}

/** @throws TensorproofError `backend.missingPeer` */
export async function loadPeer(backend: string, peer: Peer): Promise<unknown> {
  const folder = globalThis.process?.env?.TENSORPROOF_PEERS;
  try {
    if (folder === undefined) return await import(/* @vite-ignore */ peer.name);
    const { importFrom } = await import("./nodePeerFolder.ts");
    return await importFrom(folder, peer.name);
  } catch (cause) {
    throw new TensorproofError(
      "backend.missingPeer",
      `the backend "${backend}" needs the optional package ${peer.name} (npm install ${peer.name}@${peer.version})`,
      { where: peer.name, cause },
    );
  }
}
