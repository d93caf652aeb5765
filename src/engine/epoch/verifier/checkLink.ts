/**
 * Whether two proofs speak about the same hidden values: the outputs of one are the inputs of the other, or both read the
 * same inputs. Equal roots are not enough. Both must read the rows under the same axes and in the same order. And a root
 * determines values only for a code and a number of queries: a word half-way between two codes can pass for one codeword
 * under one key and for another under the other, so every opening must be convincing for the larger of the codes.
 */
import { hex } from "../../../bytes/hex.ts";
import { type CommitmentParameters, codeRate } from "../../../commitment/parameters.ts";
import { check, type VerificationFailure } from "../../../errors/proofError.ts";
import { planInference } from "../../../relations/inferencePlan.ts";
import { planLayout } from "../../keyLayout.ts";
import { queryBitsAt, REQUIRED_BITS, securityReport } from "../../security.ts";
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
  /** Of the key that it was made for. */
  readonly parameters: CommitmentParameters;
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
      data: { parentRoot, root, axes: subject.axes, parameters: key.parameters },
    };
  });
}

/** `certified`: commitments that may stand for each other between the two ends. */
export function checkLink(from: LinkEnd, to: LinkEnd, certified: readonly CertifiedData[] = []): LinkVerdict {
  return attempt((): LinkVerdict => {
    const tree = treeOf(from);
    const own = from.key.key.parameters;
    const other = to.key.key.parameters;
    const rate = Math.max(codeRate(own), codeRate(other));
    check(
      isConvincing(own, own, rate) && isConvincing(other, own, rate),
      "link.parameters",
      "the two keys encode rows differently: what one of them makes a root mean need not hold for the other",
    );
    const otherTree = treeOf(to);
    check(
      textOf(tree.axes) === textOf(otherTree.axes),
      "link.layout",
      `tensors of ${textOf(tree.axes)} and of ${textOf(otherTree.axes)}`,
    );
    check(
      tree.places.join() === otherTree.places.join(),
      "link.layout",
      `values in the order ${tree.places} of the tree's tensors and in the order ${otherTree.places}`,
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
      ({ parameters, axes }) =>
        isConvincing(parameters, own, rate) &&
        codeRate(parameters) <= rate &&
        textOf(axes) === textOf(tree.axes),
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

/**
 * Whether columns that are opened under these parameters show that the rows are those of `own`'s, for a code of this
 * rate: half the distance of the larger code is what makes a word unique under both.
 */
function isConvincing(parameters: CommitmentParameters, own: CommitmentParameters, rate: number): boolean {
  return (
    parameters.logColumns === own.logColumns &&
    parameters.logLength === own.logLength &&
    queryBitsAt(parameters, rate) >= REQUIRED_BITS
  );
}

interface DataTree {
  /** Of the tree's tensors, in the order of its rows. */
  readonly axes: readonly (readonly number[])[];
  /** Which of these tensors each value of the statement is. Outputs may be listed in any order. */
  readonly places: readonly number[];
}

function treeOf(end: LinkEnd): DataTree {
  rootOf(end);
  const { side, statement, key } = end;
  const inference = planInference(key.key.program, statement.visibilities, statement.batch);
  const { plan } = inference;
  const held = plan.tensors.flatMap(({ holder }, tensor) => (holder === side ? [tensor] : []));
  const values: readonly (number | null)[] = side === "input" ? inference.inputs : inference.outputs;
  return {
    axes: treeTensors(plan, side).map(({ axes }) => axes),
    places: values.map((tensor) => (tensor === null ? -1 : held.indexOf(tensor))),
  };
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
