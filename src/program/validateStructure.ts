import { elementCount, sameShape } from "../tensor/shape.ts";
import { maxAbs, sameRange } from "./intRange.ts";
import { checkNoWrap } from "./noWrap.ts";
import {
  type IntRange,
  operatorConstants,
  operatorInputs,
  type ProgramOperator,
  type QuantParams,
} from "./program.ts";
import { invalidProgram } from "./programErrors.ts";
import type { ProgramStructure } from "./programStructure.ts";
import { deriveOutput } from "./rules/rules.ts";
import { checkNumParts } from "./sizeLimits.ts";

const MAX_AXES = 8;
const MAX_ELEMENTS = 2 ** 30;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_NAME_LENGTH = 1024;
// Names are printed: control characters could rewrite what a terminal shows. Lone surrogates have no UTF-8.
const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

function checkName(name: string, what: string, seen: Set<string>): void {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH || FORBIDDEN_CHARACTERS.test(name)) {
    throw invalidProgram(
      what,
      "names are 1 to 1024 characters of well-formed text without control characters",
    );
  }
  if (seen.has(name)) throw invalidProgram(what, `the name "${name}" is used twice`);
  seen.add(name);
}

function checkRange(range: IntRange, where: string): void {
  if (
    !Number.isInteger(range.lo) ||
    !Number.isInteger(range.hi) ||
    range.lo > range.hi ||
    maxAbs(range) > MAX_INT32
  ) {
    throw invalidProgram(where, `[${range.lo}, ${range.hi}] is not a range of 32-bit integers`);
  }
}

function checkQuant(quant: QuantParams, where: string): void {
  if (!Number.isFinite(quant.scale) || quant.scale <= 0) {
    throw invalidProgram(where, `expected a finite scale above 0, got ${quant.scale}`);
  }
  if (!Number.isInteger(quant.zeroPoint) || Math.abs(quant.zeroPoint) > MAX_INT32) {
    throw invalidProgram(where, `expected a 32-bit integer as zero point, got ${quant.zeroPoint}`);
  }
}

interface Declaration {
  readonly name: string;
  readonly shape: readonly number[];
  readonly range: IntRange;
  readonly quant: QuantParams;
}

function checkDeclarations(declarations: readonly Declaration[], what: string): void {
  const names = new Set<string>();
  declarations.forEach((declaration, id) => {
    checkName(declaration.name, `${what} ${id}`, names);
    const where = `${what} "${declaration.name}"`;
    const { shape } = declaration;
    const lengthsFit = shape.every(
      (length) => Number.isInteger(length) && length >= 1 && length <= MAX_ELEMENTS,
    );
    if (!lengthsFit || shape.length > MAX_AXES || elementCount(shape) > MAX_ELEMENTS) {
      throw invalidProgram(where, `[${shape}] is not a shape of at most ${MAX_AXES} axes and 2^30 elements`);
    }
    checkRange(declaration.range, where);
    checkQuant(declaration.quant, where);
  });
}

/**
 * Tensors are the inputs, then the outputs of the operators in order; constants stand in the order of their first use.
 * So a program has one form, every tensor has one origin and no operator reads what is not there yet.
 */
function checkOrder(program: ProgramStructure): void {
  const { inputs, operators, tensors, constants } = program;
  if (inputs.length === 0 || !inputs.every((id, index) => id === index)) {
    throw invalidProgram("inputs", `expected the ids 0, 1, … of at least one tensor, got [${inputs}]`);
  }
  if (tensors.length !== inputs.length + operators.length) {
    throw invalidProgram("tensors", `expected one per input and operator, got ${tensors.length}`);
  }
  let numUsed = 0;
  const use = (constant: number, where: string): void => {
    if (!Number.isInteger(constant) || constant < 0 || constant > numUsed || constant >= constants.length) {
      throw invalidProgram(where, `constant ${constant} does not exist or stands out of order`);
    }
    if (constant === numUsed) numUsed++;
  };
  operators.forEach((operator, index) => {
    const where = `operator "${operator.name}"`;
    const output = inputs.length + index;
    if (operator.output !== output)
      throw invalidProgram(where, `expected output ${output}, got ${operator.output}`);
    for (const input of operatorInputs(operator)) {
      if (Number.isInteger(input) && input >= 0 && input < output) continue;
      throw invalidProgram(where, `reads tensor ${input}, which is not computed before it`);
    }
    for (const constant of operatorConstants(operator)) use(constant, where);
  });
  if (numUsed !== constants.length) throw invalidProgram("constants", `constant ${numUsed} is not used`);
}

function checkOutputs(program: ProgramStructure): void {
  const { inputs, operators, tensors, outputs } = program;
  const distinct = new Set(outputs);
  const exist = outputs.every((id) => Number.isInteger(id) && id >= 0 && id < tensors.length);
  if (outputs.length === 0 || distinct.size !== outputs.length || !exist) {
    throw invalidProgram("outputs", `expected the ids of at least one tensor, each once, got [${outputs}]`);
  }
  const read = new Set([...outputs, ...operators.flatMap(operatorInputs)]);
  for (let id = 0; id < tensors.length; id++) {
    if (read.has(id)) continue;
    throw invalidProgram(
      `${id < inputs.length ? "input" : "tensor"} "${tensors[id].name}"`,
      "nothing reads it",
    );
  }
}

function checkOperator(program: ProgramStructure, operator: ProgramOperator): void {
  const where = `operator "${operator.name}"`;
  const declared = program.tensors[operator.output];
  const derived = deriveOutput(program, operator, where);
  checkNoWrap(derived.range, 0, where);
  if (!sameShape(declared.shape, derived.shape)) {
    throw invalidProgram(where, `declares the shape [${declared.shape}], its inputs give [${derived.shape}]`);
  }
  if (!sameRange(declared.range, derived.range)) {
    const { lo, hi } = declared.range;
    throw invalidProgram(
      where,
      `declares the range [${lo}, ${hi}], [${derived.range.lo}, ${derived.range.hi}] follows`,
    );
  }
  const { quant } = derived;
  if (
    quant !== null &&
    (quant.scale !== declared.quant.scale || quant.zeroPoint !== declared.quant.zeroPoint)
  ) {
    throw invalidProgram(where, "its output declares another scale or zero point than its input gives");
  }
}

/**
 * Checks everything that can be checked without weights: form, shapes, that every declared range follows from the
 * declared ranges before it, that function domains are published rounded, and that no value can wrap in the field.
 *
 * @throws TensorproofError `program.tooLarge`, `program.invalid` or `program.rangeTooLarge`, naming the operator
 */
export function validateStructure(program: ProgramStructure): void {
  checkNumParts(program.inputs.length, program.operators.length, program.constants.length);
  checkName(program.name, "program", new Set());
  if (program.mode !== "pow2" && program.mode !== "exact-int8")
    throw invalidProgram("program", `unknown mode ${program.mode}`);
  checkDeclarations(program.tensors, "tensor");
  checkDeclarations(program.constants, "constant");
  const names = new Set<string>();
  program.operators.forEach((operator, index) => {
    checkName(operator.name, `operator ${index}`, names);
  });
  checkOrder(program);
  checkOutputs(program);
  for (const id of program.inputs) {
    const { name, range } = program.tensors[id];
    checkNoWrap(range, 0, `input "${name}"`);
  }
  for (const operator of program.operators) checkOperator(program, operator);
}
