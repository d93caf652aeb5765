/** "10s,4GB": what a proof may take. */
import { TensorproofError } from "../../../errors/tensorproofError.ts";

export interface Limit {
  readonly text: string;
  readonly quantity: "prove" | "memory";
  /** Milliseconds or bytes. */
  readonly value: number;
}

const UNITS: Readonly<Record<string, Pick<Limit, "quantity"> & { readonly factor: number }>> = {
  ms: { quantity: "prove", factor: 1 },
  s: { quantity: "prove", factor: 1000 },
  min: { quantity: "prove", factor: 60_000 },
  h: { quantity: "prove", factor: 3_600_000 },
  MB: { quantity: "memory", factor: 1e6 },
  GB: { quantity: "memory", factor: 1e9 },
  MiB: { quantity: "memory", factor: 2 ** 20 },
  GiB: { quantity: "memory", factor: 2 ** 30 },
};

/** @throws TensorproofError `scale.within` */
export function parseLimits(text: string): readonly Limit[] {
  const limits = text.split(",").map((part): Limit => {
    const [, number = "", name = ""] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(part) ?? [];
    const value = Number(number);
    if (!Object.hasOwn(UNITS, name) || !(value > 0)) {
      const known = Object.keys(UNITS).join(", ");
      const message = `"${part}" is no limit: write a number above 0 and a unit (${known}), as in 10s,4GB`;
      throw new TensorproofError("scale.within", message, { where: "--within" });
    }
    const { quantity, factor } = UNITS[name];
    return { text: `${number} ${name}`, quantity, value: value * factor };
  });
  const twice = limits.find(
    ({ quantity }, i) => limits.findIndex((other) => other.quantity === quantity) < i,
  );
  if (twice === undefined) return limits;
  const what = twice.quantity === "prove" ? "times" : "sizes of memory";
  throw new TensorproofError("scale.within", `"${text}" has two ${what}: one limit for each`, {
    where: "--within",
  });
}
