/** Which optional packages are there, so that tests of their backends run or say why not. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** As `npm run peers` installs them, unless TENSORPROOF_PEERS names another folder. */
const folder: string = resolve(process.env.TENSORPROOF_PEERS ?? ".peers");

export function hasPeer(name: string): boolean {
  const found = existsSync(join(folder, "node_modules", name));
  if (found) process.env.TENSORPROOF_PEERS = folder;
  return found;
}

/** A file of a package that is there. */
export function peerFile(path: string): string {
  return join(folder, "node_modules", path);
}
