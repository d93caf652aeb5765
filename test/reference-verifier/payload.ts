/**
 * The payload of a proof, in order: docs/spec/06-opening.md, 6.2; bytes: 07-files.md, 7.5; the same in 16-verifier.md.
 */
import { type Reader, u32Bytes } from "./bytes.ts";
import type { F } from "./field.ts";
import { Messages } from "./masking.ts";
import { workIsDone } from "./merkle.ts";
import { checkOpening } from "./opening.ts";
import type { Parameters } from "./parameters.ts";
import { leastBytes, readHead } from "./payloadHead.ts";
import type { Plan } from "./plan.ts";
import { planNumbers } from "./planNumbers.ts";
import { reduce } from "./reduction.ts";
import { must } from "./refusal.ts";
import { workBits } from "./security.ts";
import { makeStack, type Stack, type TreeName } from "./stack.ts";
import type { Transcript } from "./transcript.ts";

/** The stack of a plan: its pads are as many as its scalars (15.8). */
export function stackOfPlan(plan: Plan, parameters: Parameters): Stack {
  return makeStack(plan.tensors, planNumbers(plan).scalars, parameters);
}

/** Refuses unless the rest of the reader is a payload that proves the plan. */
export function checkPayload(
  transcript: Transcript,
  plan: Plan,
  parameters: Parameters,
  roots: ReadonlyMap<TreeName, Uint8Array>,
  publicValues: ReadonlyMap<number, readonly F[]>,
  reader: Reader,
): void {
  const numbers = planNumbers(plan);
  const stack = stackOfPlan(plan, parameters);
  reader.need(leastBytes(numbers.scalars, stack, parameters), "payload");

  const lookupBits = workBits(numbers);
  const { adviceRoot, lookupNonce, scalars, opening } = readHead(
    reader,
    numbers.scalars,
    lookupBits,
    parameters,
  );

  transcript.absorbBytes("commitment/advice", adviceRoot);
  if (lookupBits > 0) {
    const state = transcript.challengeBytes("lookup/work", 32);
    must(workIsDone(state, lookupNonce, lookupBits), "lookup.work", "work");
    transcript.absorbBytes("lookup/nonce", u32Bytes(lookupNonce));
  }
  const messages = new Messages(transcript, scalars);
  const relations = reduce(plan, messages, publicValues);
  messages.end();
  const axes = plan.tensors.map((tensor) => tensor.axes);
  const allRoots = new Map([...roots, ["advice", adviceRoot] as const]);
  checkOpening(transcript, parameters, stack, axes, relations, allRoots, opening, reader);
}
