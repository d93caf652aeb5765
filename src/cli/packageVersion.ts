import { readFileSync } from "node:fs";

/** Of this package. Built or bundled, this file's folder is two levels below package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return version;
}
