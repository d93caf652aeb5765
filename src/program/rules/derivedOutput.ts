import type { IntRange, QuantParams } from "../program.ts";

/** What an operator's inputs determine about its output. `quant` null: the program is free to declare any. */
export interface DerivedOutput {
  readonly shape: readonly number[];
  readonly range: IntRange;
  readonly quant: QuantParams | null;
}
