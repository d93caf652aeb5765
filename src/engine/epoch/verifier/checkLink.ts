/**
 * Whether two proofs speak about one hidden tensor: the output of one is the input of the other, or both read one input.
 * Equal roots are not enough: both must read the rows under the same axes.
 */
import { hex } from "../../../bytes/hex.ts";
import { check, type VerificationFailure } from "../../../errors/proofError.ts";
import { planInference } from "../../../relations/inferencePlan.ts";
import { planLayout } from "../../keyLayout.ts";
import { REQUIRED_BITS, securityReport } from "../../security.ts";
import { DATA_RENEWALS } from "../../slots.ts";
import type { Statement, StatementValue } from "../../statement.ts";
import { attempt, sameBytes } from "../../verifier/attempt.ts";
import type { CheckedKey } from "../../verifier/checkedKey.ts";
import { verifyPayload } from "../../verifier/verifyPayload.ts";
import { certificateTranscript, openCertificate } from "../certificate.ts";
import { planRenewal, treeTensors } from "../renewalPlan.ts";

/** One end of a link: the committed inputs or outputs of a statement that `verifyWithKey` accepted with this key. */
export interface LinkEnd {
  readonly statement: Statement;
  readonly key: CheckedKey;
  readonly side: "input" | "output";
}

/** Two commitments of which a certificate says that they hold the same tensors. */
export interface CertifiedData {
  readonly parentRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly axes: readonly (readonly number[])[];
  /** Of the key that it was made for: log2 of the cells in a row. */
  readonly logColumns: number;
}

export type DataVerdict =
  | { readonly ok: true; readonly data: CertifiedData }
  | { readonly ok: false; readonly error: VerificationFailure };

export type LinkVerdict = { readonly ok: true } | { readonly ok: false; readonly error: VerificationFailure };

/** Checks the certificate of a renewed data commitment, made for this key. */
export function checkDataCertificate(certificate: Uint8Array, { key, identity }: CheckedKey): DataVerdict {
  return attempt((): DataVerdict => {
    const { header, headerBytes, reader } = openCertificate(certificate);
    const { subject, parentRoot, root, renewal } = header;
    check(subject.kind === "data", "certificate.kind", "it is about the weights of a model");
    check(
      sameBytes(subject.modelIdentity, identity),
      "certificate.model",
      "made for another verification key",
    );
    check(renewal < DATA_RENEWALS, "certificate.renewal", `renewal ${renewal} of ${DATA_RENEWALS}`);
    const tensors = subject.axes.map((axes, i) => ({ name: `tensor ${i}`, axes }));
    const plan = planRenewal(tensors, "input", "output");
    const layout = planLayout(plan, key.parameters);
    const { bits } = securityReport(plan, layout);
    check(bits >= REQUIRED_BITS, "certificate.security", `${Math.floor(bits)} bits`);
    const roots = { input: parentRoot, output: root };
    verifyPayload(certificateTranscript(headerBytes), plan, layout, roots, () => new Int32Array(), reader);
    return {
      ok: true,
      data: { parentRoot, root, axes: subject.axes, logColumns: key.parameters.logColumns },
    };
  });
}

/** `certified`: commitments that may stand for each other between the two ends. */
export function checkLink(from: LinkEnd, to: LinkEnd, certified: readonly CertifiedData[] = []): LinkVerdict {
  return attempt((): LinkVerdict => {
    const axes = axesOf(from);
    const { logColumns } = from.key.key.parameters;
    check(
      logColumns === to.key.key.parameters.logColumns,
      "link.parameters",
      "the two keys lay out rows of different lengths",
    );
    check(
      textOf(axes) === textOf(axesOf(to)),
      "link.layout",
      `tensors of ${textOf(axes)} and of ${textOf(axesOf(to))}`,
    );
    const [values, others] = [valuesOf(from), valuesOf(to)];
    check(values.length === others.length, "link.layout", `${values.length} values and ${others.length}`);
    values.forEach(({ name, quant }, i) => {
      const isSame = quant.scale === others[i].quant.scale && quant.zeroPoint === others[i].quant.zeroPoint;
      check(
        isSame,
        "link.scale",
        `the same integers mean other reals in ${JSON.stringify(name)} and ${JSON.stringify(others[i].name)}`,
      );
    });
    const usable = certified.filter(
      (data) => data.logColumns === logColumns && textOf(data.axes) === textOf(axes),
    );
    check(isReachable(rootOf(from), rootOf(to), usable), "link.root", "two different commitments");
    return { ok: true };
  });
}

function rootOf({ statement, side }: LinkEnd): Uint8Array {
  const root = side === "input" ? statement.inputCommitment : statement.outputCommitment;
  check(root !== null, "link.commitment", `the ${side}s of one of the proofs are not committed`);
  return root;
}

function valuesOf({ statement, side }: LinkEnd): readonly StatementValue[] {
  return side === "input" ? statement.inputs : statement.outputs;
}

function axesOf(end: LinkEnd): readonly (readonly number[])[] {
  rootOf(end);
  const { visibilities, batch } = end.statement;
  const { plan } = planInference(end.key.key.program, visibilities, batch);
  return treeTensors(plan, end.side).map(({ axes }) => axes);
}

function textOf(all: readonly (readonly number[])[]): string {
  return all.map((axes) => `[${axes}]`).join(" ");
}

/** Certificates are read in both directions: they say that two commitments hold the same. */
function isReachable(from: Uint8Array, to: Uint8Array, certified: readonly CertifiedData[]): boolean {
  const known = new Set([hex(from)]);
  for (let size = 0; size < known.size; ) {
    size = known.size;
    for (const { parentRoot, root } of certified) {
      if (known.has(hex(parentRoot)) || known.has(hex(root))) known.add(hex(parentRoot)).add(hex(root));
    }
  }
  return known.has(hex(to));
}
