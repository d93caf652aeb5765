/** Figures that others published, as a suite names them. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { PublishedRow } from "./results.ts";
import type { SuitePublished } from "./suite.ts";

type Json = Readonly<Record<string, unknown>>;

const numberOf = (value: unknown): number | null => (Number.isFinite(value) ? (value as number) : null);
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** @throws TensorproofError `suite.published` */
export function parsePublished(
  text: string,
  suite: string,
  { file, models }: SuitePublished,
): PublishedRow[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new TensorproofError("suite.published", `"${file}" is no JSON`, { where: file, cause });
  }
  if (!Array.isArray(list))
    throw new TensorproofError("suite.published", `"${file}": expected a list of figures`, { where: file });
  return list.flatMap((entry: Json, index) => {
    const { source, system, hardware, model: publishedModel } = entry;
    const named = textOf(publishedModel);
    if (named === null || !Object.hasOwn(models, named)) return [];
    if (![source, system, hardware].every((value) => textOf(value) !== null))
      throw new TensorproofError(
        "suite.published",
        `"${file}": entry ${index} lacks source, system or hardware`,
        {
          where: file,
        },
      );
    const note = textOf(entry.note);
    return [
      {
        suite,
        model: models[named],
        publishedModel: named,
        source: source as string,
        system: system as string,
        hardware: hardware as string,
        setupSeconds: numberOf(entry.setup_s),
        proveSeconds: numberOf(entry.prove_s),
        verifySeconds: numberOf(entry.verify_s),
        peakMegabytes: numberOf(entry.peak_mb),
        proofBytes: numberOf(entry.proof_bytes),
        constraints: numberOf(entry.constraints),
        accuracyLoss: numberOf(entry.accuracy_loss_pct),
        note,
        void: note?.includes("VOID") === true,
      },
    ];
  });
}
