import { namedInLayout } from "../tensorNames.ts";

/** Program files hold names of at most this length; converters fuse names of layers into much longer ones. */
const MAX_NAME_LENGTH = 200;

/** A name with a remark that survives when the name is too long. */
export function remarked(name: string, remark: string): string {
  return `${name.slice(0, MAX_NAME_LENGTH - remark.length - 3)} (${remark})`;
}

/** The name of stored integers, with the order of their axes where it is not the graph's. */
export function layoutName(name: string, permutation: readonly number[]): string {
  const remark = namedInLayout("", permutation);
  return `${name.slice(0, MAX_NAME_LENGTH - remark.length)}${remark}`;
}
