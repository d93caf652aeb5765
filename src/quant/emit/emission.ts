import type { Interval } from "../../program/interval.ts";
import { uniformInterval } from "../../program/interval.ts";
import { checkNoWrap } from "../../program/noWrap.ts";
import { outputInterval } from "../../program/outputInterval.ts";
import {
  operatorInputs,
  type ProgramConstant,
  type ProgramTensor,
  type TensorId,
} from "../../program/program.ts";
import { deriveOutput } from "../../program/rules/rules.ts";
import { runOperator } from "../../program/run/operator.ts";
import type { Calibration } from "../calibration.ts";
import type { ResolvedOptions } from "../compileOptions.ts";
import type { LayerReport } from "../compileReport.ts";
import { type NewOperator, ProgramBuilder } from "../programBuilder.ts";
import type { ConstantStep, RealId } from "../realProgram.ts";
import type { ScaleGroups } from "../scaleGroups.ts";

/** A tensor of the program being built. */
export interface Emitted {
  readonly id: TensorId;
  readonly tensor: ProgramTensor;
  /** On the calibration samples. */
  readonly q: Int32Array;
  /** For every input in the declared range. */
  readonly interval: Interval;
}

/** How to declare an operator's result. `scale` null: the input's. */
export interface ResultDeclaration {
  readonly name: string;
  readonly scale: number | null;
  /** For a reshape, which alone does not determine it. */
  readonly shape?: readonly number[];
  /** The integers on the calibration samples, where they are known already. */
  readonly q?: Int32Array;
}

interface Deferred {
  readonly step: ConstantStep;
  readonly emit: () => Emitted;
}

/** The program so far, its integers on the calibration samples, and what steps have become. */
export class Emission {
  readonly builder: ProgramBuilder = new ProgramBuilder();
  readonly layers: LayerReport[] = [];
  readonly calibration: Calibration;
  readonly options: ResolvedOptions;
  readonly groups: ScaleGroups;
  readonly #resultBits: ReadonlyMap<RealId, number>;
  readonly #deferred = new Map<RealId, Deferred>();
  readonly #q: Int32Array[] = [];
  readonly #intervals: Interval[] = [];
  readonly #ofStep = new Map<RealId, TensorId>();

  constructor(
    calibration: Calibration,
    options: ResolvedOptions,
    groups: ScaleGroups,
    resultBits: ReadonlyMap<RealId, number>,
  ) {
    this.calibration = calibration;
    this.options = options;
    this.groups = groups;
    this.#resultBits = resultBits;
  }

  /** Bits of a step's rounded results: those of activations, or more where more cost nothing. */
  bitsOf(step: RealId): number {
    return Math.max(this.options.activationBits, this.#resultBits.get(step) ?? 0);
  }

  emitted(id: TensorId): Emitted {
    return { id, tensor: this.builder.tensor(id), q: this.#q[id], interval: this.#intervals[id] };
  }

  /** A constant is emitted when something reads it as it is; it may also be read at other scales. */
  defer(step: ConstantStep, emit: () => Emitted): void {
    this.#deferred.set(step.id, { step, emit });
  }

  /** The constant that this step is; undefined for what is computed. */
  constantStep(id: RealId): ConstantStep | undefined {
    return this.#deferred.get(id)?.step;
  }

  /** What a step has become. */
  of(step: RealId): Emitted {
    const deferred = this.#deferred.get(step);
    if (deferred !== undefined && !this.#ofStep.has(step)) this.bind(step, deferred.emit().id);
    const id = this.#ofStep.get(step);
    if (id === undefined) throw new RangeError(`step ${step} is read before it is emitted`);
    return this.emitted(id);
  }

  bind(step: RealId, tensor: TensorId): void {
    this.#ofStep.set(step, tensor);
  }

  addInput(tensor: ProgramTensor, q: Int32Array): Emitted {
    const id = this.builder.addInput(tensor);
    this.#q[id] = q;
    this.#intervals[id] = uniformInterval(tensor.range, 1);
    return this.emitted(id);
  }

  addConstant(constant: ProgramConstant): number {
    return this.builder.addConstant(constant);
  }

  /** Adds the operator, declared as its rule says. Throws `program.rangeTooLarge` naming it. */
  add(operator: NewOperator, { name, scale, shape, q }: ResultDeclaration): Emitted {
    const { builder } = this;
    const inputs = operatorInputs({ ...operator, output: -1 });
    const provisional = {
      name,
      shape: shape ?? [],
      range: { lo: 0, hi: 0 },
      quant: scale === null ? builder.tensor(inputs[0]).quant : { scale, zeroPoint: 0 },
    };
    const id = builder.addOperator(operator, provisional);
    const added = builder.operatorOf(id);
    const where = `node "${operator.name}"`;
    const derived = deriveOutput(builder.program, added, where);
    checkNoWrap(derived.range, 0, where);
    builder.declare(id, {
      shape: derived.shape,
      range: derived.range,
      quant: derived.quant ?? provisional.quant,
    });
    this.#q[id] = q ?? runOperator(builder.program, added, this.#q, this.calibration.count);
    this.#intervals[id] = outputInterval(
      builder.program,
      added,
      inputs.map((input) => this.#intervals[input]),
    );
    return this.emitted(id);
  }
}
