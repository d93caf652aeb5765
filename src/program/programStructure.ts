import type { Program, ProgramConstant } from "./program.ts";

/** What is public about a constant: everything but its data. */
export type ConstantDeclaration = Omit<ProgramConstant, "data">;

/**
 * The public part of a program: all of it except the data of its constants. A `Program` is a `ProgramStructure`, so
 * everything that needs no weights accepts either.
 */
export interface ProgramStructure extends Omit<Program, "constants"> {
  readonly constants: readonly ConstantDeclaration[];
}

/** The program without the data of its constants. */
export function programStructure(program: ProgramStructure): ProgramStructure {
  const constants = program.constants.map(({ name, shape, range, quant }) => ({ name, shape, range, quant }));
  return { ...program, constants };
}
