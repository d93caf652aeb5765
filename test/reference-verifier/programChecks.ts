/**
 * Checks of a structure: docs/spec/10-program.md, 10.2, in its order.
 */
import { constantsOf, type Declaration, inputsOf, outputOf, type Program, type Range } from "./program.ts";
import { ruleOf } from "./programRules.ts";
import { rangeOf } from "./ranges.ts";
import { must } from "./refusal.ts";

const MAX_NAME = 1024;
const MAX_AXES = 8;
const MAX_CELLS = 2 ** 30;
export const MAX_INTEGER: bigint = 2n ** 31n - 1n;

export function valid(rule: boolean, where: string): void {
  must(rule, "program.invalid", where);
}

/** NoWrap(lo, hi, h) */
export function noWrap(range: Range, headroom: bigint, where: string): void {
  must(largest(range) + headroom <= 2n ** 30n - 1n, "program.rangeTooLarge", where);
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The largest absolute value of a range. */
export function largest({ lo, hi }: Range): bigint {
  return rangeOf([absolute(lo), absolute(hi)]).hi;
}

export function checkProgram(program: Program): void {
  checkName(program.name);
  checkDeclarations(program.tensors);
  checkDeclarations(program.constants);
  const names = new Set<string>();
  for (const { name } of program.operators) {
    checkName(name);
    valid(!names.has(name), `a second operator ${name}`);
    names.add(name);
  }
  checkIds(program);
  checkOutputs(program);
  for (const { range, name } of program.tensors.slice(0, program.numInputs)) noWrap(range, 0n, name);
  for (const [index, operator] of program.operators.entries()) {
    const derived = ruleOf(program, operator);
    const declared = program.tensors[outputOf(program, index)]!;
    noWrap(derived.range, 0n, operator.name);
    valid(sameShape(derived.shape, declared.shape), `${operator.name}: shape`);
    valid(derived.range.lo === declared.range.lo, `${operator.name}: range`);
    valid(derived.range.hi === declared.range.hi, `${operator.name}: range`);
    if (derived.quantisation === undefined) continue;
    valid(derived.quantisation.scale === declared.scale, `${operator.name}: scale`);
    valid(derived.quantisation.zeroPoint === declared.zeroPoint, `${operator.name}: zero point`);
  }
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function checkName(name: string): void {
  valid(name.length >= 1 && name.length <= MAX_NAME, "length of a name");
  for (const character of name) {
    const code = character.codePointAt(0)!;
    const control = code <= 0x1f || (0x7f <= code && code <= 0x9f);
    valid(!control && code !== 0x2028 && code !== 0x2029, `a character of the name ${name}`);
  }
}

function checkDeclarations(declarations: readonly Declaration[]): void {
  const names = new Set<string>();
  for (const { name, shape, range, scale, zeroPoint } of declarations) {
    checkName(name);
    valid(!names.has(name), `a second ${name}`);
    names.add(name);
    valid(shape.length <= MAX_AXES, `${name}: number of axes`);
    let cells = 1;
    for (const length of shape) {
      valid(length >= 1 && length <= MAX_CELLS, `${name}: length`);
      cells *= length;
      valid(cells <= MAX_CELLS, `${name}: number of elements`);
    }
    valid(range.lo <= range.hi && largest(range) <= MAX_INTEGER, `${name}: range`);
    valid(scale > 0, `${name}: scale`);
    valid(absolute(BigInt(zeroPoint)) <= MAX_INTEGER, `${name}: zero point`);
  }
}

/** 10.2, point 5. */
function checkIds(program: Program): void {
  valid(program.numInputs >= 1, "number of inputs");
  let used = 0;
  for (const [index, operator] of program.operators.entries()) {
    for (const id of inputsOf(operator))
      valid(id < outputOf(program, index), `${operator.name}: input ${id}`);
    for (const id of constantsOf(operator)) {
      valid(id <= used && id < program.constants.length, `${operator.name}: constant ${id}`);
      if (id === used) used++;
    }
  }
  valid(used === program.constants.length, "a constant that nothing reads");
}

/** 10.2, point 6. */
function checkOutputs(program: Program): void {
  valid(program.outputs.length >= 1, "number of outputs");
  const outputs = new Set<number>();
  for (const id of program.outputs) {
    valid(id < program.tensors.length, `output ${id}`);
    valid(!outputs.has(id), `output ${id} twice`);
    outputs.add(id);
  }
  const read = new Set(program.operators.flatMap(inputsOf));
  for (const id of program.tensors.keys()) {
    valid(outputs.has(id) || read.has(id), `tensor ${id} is neither read nor an output`);
  }
}
