/** What a command prints: one result on stdout, progress on stderr. */
import { TensorproofError } from "../errors/tensorproofError.ts";

export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly threads?: number;
}

export const EXIT_DONE = 0;
export const EXIT_INVALID = 1;
export const EXIT_INPUT = 2;
export const EXIT_RESOURCES = 3;
export const EXIT_INTERNAL = 70;

export class Reporter {
  private readonly json: boolean;
  private readonly quiet: boolean;

  constructor(options: CommonOptions) {
    this.json = options.json === true;
    this.quiet = options.quiet === true;
  }

  /** A step that begins, or a remark. */
  progress(text: string): void {
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }

  /** The result: the object with --json, else the text (left out with -q). */
  result(object: unknown, text: string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(object)}\n`);
    else if (!this.quiet && text !== "") process.stdout.write(`${text}\n`);
  }
}

/** An error in how the command line was called. */
export function usageError(message: string, where?: string): TensorproofError {
  return new TensorproofError("usage", message, where === undefined ? {} : { where });
}

/** Prints any failure and returns its exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  const { code, message, where, details, exitCode } = describeFailure(error);
  if (json) {
    const extra = details === undefined ? {} : { details };
    process.stdout.write(`${JSON.stringify({ error: { code, message, where: where ?? null, ...extra } })}\n`);
  } else {
    process.stderr.write(`error: ${message} [${code}]\n`);
  }
  if (process.env.TENSORPROOF_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCode;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly where?: string | undefined;
  readonly details?: unknown;
  readonly exitCode: number;
}

function describeFailure(error: unknown): Failure {
  if (error instanceof TensorproofError) {
    const { code, message, where, details, category } = error;
    return {
      code,
      message,
      where,
      details,
      exitCode: category === "resources" ? EXIT_RESOURCES : EXIT_INPUT,
    };
  }
  const text = error instanceof Error ? error.message : String(error);
  if (
    error instanceof RangeError &&
    /allocation failed|could not allocate|Invalid (typed )?array length/i.test(text)
  ) {
    const message = `out of memory: ${text}`;
    return { code: "resources.memory", message, exitCode: EXIT_RESOURCES };
  }
  const hint = "This is a fault of tensorproof: please report it (TENSORPROOF_DEBUG=1 shows where)";
  return { code: "internal", message: `internal error: ${text}. ${hint}`, exitCode: EXIT_INTERNAL };
}
