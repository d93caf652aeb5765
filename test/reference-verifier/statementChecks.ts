/**
 * Checks of a statement against a checked key: docs/spec/07-files.md, 7.6, steps 5 and 6.
 */
import { equalBytes } from "./bytes.ts";
import { type CheckedKey, epochOf } from "./checkedKey.ts";
import type { Declaration, Program } from "./program.ts";
import { must, refuse } from "./refusal.ts";
import type { StatedValue, Statement } from "./statement.ts";

/** Step 5 */
export function checkEpoch({ epoch }: Statement, key: CheckedKey): void {
  if (epoch === undefined) return;
  const opened = epochOf(key, epoch.certificates);
  if (opened === undefined) refuse("statement.epoch", "unknown certificate");
  must(equalBytes(epoch.root, opened.root), "statement.epoch", "epoch root");
  must(epoch.slot < key.file.budget, "statement.slot", `slot ${epoch.slot} of ${key.file.budget}`);
}

/** Step 6: inputs, then outputs. */
export function checkValues(statement: Statement, program: Program): void {
  checkList(statement.inputs, program.tensors.slice(0, program.numInputs), "inputs");
  checkList(
    statement.outputs,
    program.outputs.map((tensor) => program.tensors[tensor]!),
    "outputs",
  );
}

function checkList(values: readonly StatedValue[], tensors: readonly Declaration[], where: string): void {
  must(values.length === tensors.length, "statement.values", `number of ${where}`);
  for (const [index, tensor] of tensors.entries()) checkValue(values[index]!, tensor);
}

function checkValue(value: StatedValue, tensor: Declaration): void {
  const { lo, hi } = tensor.range;
  const sameShape =
    value.shape.length === tensor.shape.length &&
    value.shape.every((length, axis) => length === tensor.shape[axis]);
  const isTensor =
    value.name === tensor.name &&
    sameShape &&
    BigInt(value.lo) === lo &&
    BigInt(value.hi) === hi &&
    value.scale === tensor.scale &&
    value.zeroPoint === tensor.zeroPoint;
  must(isTensor, "statement.values", value.name);
  const inRange = (value.integers ?? []).every((integer) => lo <= integer && integer <= hi);
  must(inRange, "statement.range", value.name);
}
