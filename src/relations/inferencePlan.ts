/** The plan of one batch of inferences, from public information alone. */
import type {
  Expression,
  Holder,
  LinearLayer,
  OutputEquality,
  PlanTensorId,
  Source,
} from "../claims/plan.ts";
import type { MatMul, TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { planArgMax } from "./argmax/plan.ts";
import { type AnnotatedPlan, allAxes, expression, PlanBuilder, tensorSource } from "./planBuilder.ts";
import { layoutError, layoutProgram, type ProgramLayout, splitContraction } from "./programLayout.ts";
import { proveRange } from "./range/plan.ts";
import { planRequantise } from "./requantise/plan.ts";
import type { Visibilities, Visibility } from "./visibility.ts";

export interface InferencePlan extends AnnotatedPlan {
  /** Plan tensor of each constant. */
  readonly constants: readonly PlanTensorId[];
  /** Plan tensor of each program input. */
  readonly inputs: readonly PlanTensorId[];
  /** Plan tensor of each program output; null for accumulators that stay private, which no tensor stores. */
  readonly outputs: readonly (PlanTensorId | null)[];
}

/** @throws TensorproofError `program.unsupportedLayout`, `program.rangeTooLarge` */
export function planInference(
  program: ProgramStructure,
  visibilities: Visibilities,
  batch: number,
): InferencePlan {
  return new InferencePlanner(program, visibilities, batch).build();
}

/** Axes of every constant, in the program's order: rows of output channels, then the axes they are contracted with. */
export function constantAxes(program: ProgramStructure): (readonly number[])[] {
  const layout = layoutProgram(program, 1);
  const axes: (readonly number[])[] = [];
  const assign = (node: string, constant: number, list: readonly number[]): void => {
    // One constant has one layout: under two, evaluations at one point would mean different pairings of cells.
    if (axes[constant] !== undefined && axes[constant].join() !== list.join()) {
      throw layoutError(
        node,
        `shares "${program.constants[constant].name}" with an operator of another layout`,
      );
    }
    axes[constant] = list;
  };
  for (const operator of program.operators) {
    if (operator.kind !== "matmul") continue;
    const { contractionAxes } = splitContraction(program, operator, layout.axes[operator.input]);
    const numOutputs = program.constants[operator.weight].shape[0];
    assign(operator.name, operator.weight, [numOutputs, ...contractionAxes]);
    if (operator.bias !== null) assign(operator.name, operator.bias, [numOutputs]);
  }
  return axes;
}

class InferencePlanner {
  private readonly builder = new PlanBuilder();
  private readonly layers: LinearLayer[] = [];
  /** Per root: how later operators read it. */
  private readonly sources: Source[] = [];
  private readonly planTensors = new Map<TensorId, PlanTensorId>();
  private readonly program: ProgramStructure;
  private readonly visibilities: Visibilities;
  private readonly layout: ProgramLayout;
  private readonly outputRoots: Set<TensorId>;
  private readonly constants: PlanTensorId[];

  constructor(program: ProgramStructure, visibilities: Visibilities, batch: number) {
    this.program = program;
    this.visibilities = visibilities;
    this.layout = layoutProgram(program, batch);
    this.outputRoots = new Set(program.outputs.map((id) => this.layout.root[id]));
    // First in the plan: the weight tree's rows must not depend on anything else.
    const holder: Holder = visibilities.weights === "public" ? "public" : "weights";
    this.constants = constantAxes(program).map((axes, constant) =>
      this.builder.addTensor(program.constants[constant].name, axes, holder, { kind: "constant", constant }),
    );
  }

  build(): InferencePlan {
    const { program, layout, builder } = this;
    for (const id of program.inputs) this.planInput(id);
    for (const operator of program.operators) {
      const axes = layout.axes[operator.input];
      switch (operator.kind) {
        case "reshape":
          break;
        case "matmul":
          this.planMatMul(operator);
          break;
        case "requantise":
          planRequantise(builder, operator, axes, this.read(operator.input), this.addResult(operator.output));
          break;
        case "argmax": {
          const { shape, range } = program.tensors[operator.input];
          if (axes[axes.length - 1] !== shape[shape.length - 1]) {
            throw layoutError(
              operator.name,
              `compares along ${shape[shape.length - 1]} values of a tensor laid out as [${axes}]`,
            );
          }
          planArgMax(builder, operator, {
            axes,
            scores: this.read(operator.input),
            range,
            index: this.addResult(operator.output),
          });
        }
      }
    }
    return this.finish();
  }

  private finish(): InferencePlan {
    const { program, layout, builder } = this;
    const equalities: OutputEquality[] = [];
    const outputs = program.outputs.map((id) => {
      const source = this.sources[layout.root[id]];
      if (source.kind !== "layer") return this.planTensors.get(layout.root[id]) as PlanTensorId;
      if (this.visibilities.output === "private") return null;
      const axes = layout.axes[id];
      const holder = this.resultHolder(this.visibilities.output, "output");
      const tensor = builder.addTensor(program.tensors[id].name, axes, holder, {
        kind: "tensor",
        tensor: id,
      });
      equalities.push({ layer: source.layer, tensor });
      return tensor;
    });
    const inputs = program.inputs.map((id) => this.planTensors.get(id) as PlanTensorId);
    return { ...builder.finish(this.layers, equalities), constants: this.constants, inputs, outputs };
  }

  private planInput(id: TensorId): void {
    const { name, range } = this.program.tensors[id];
    if (this.outputRoots.has(id)) throw layoutError(name, "is an input and an output at once");
    const axes = this.layout.axes[id];
    const holder = this.resultHolder(this.visibilities.input, "input");
    const tensor = this.builder.addTensor(name, axes, holder, { kind: "tensor", tensor: id });
    this.bind(id, tensor);
    // Public inputs are compared with the range by the verifier.
    if (holder === "public") return;
    const offset = expression(-range.lo, [1, tensorSource(tensor, allAxes(axes))]);
    proveRange(this.builder, `${name}: input range`, axes, offset, range.hi - range.lo + 1);
  }

  private planMatMul(operator: MatMul): void {
    const { program, layout } = this;
    const input = this.planTensors.get(layout.root[operator.input]);
    if (input === undefined) throw layoutError(operator.name, "reads accumulators that were not requantised");
    const split = splitContraction(program, operator, layout.axes[operator.input]);
    this.sources[operator.output] = { kind: "layer", layer: this.layers.length };
    this.layers.push({
      name: operator.name,
      input,
      weight: this.constants[operator.weight],
      bias: operator.bias === null ? null : this.constants[operator.bias],
      ...split,
      outputLength: program.constants[operator.weight].shape[0],
    });
  }

  /** A tensor that an operator computes and that is stored. */
  private addResult(id: TensorId): PlanTensorId {
    const visibility = this.outputRoots.has(id) ? this.visibilities.output : "private";
    const holder = this.resultHolder(visibility, "output");
    const { name } = this.program.tensors[id];
    const tensor = this.builder.addTensor(name, this.layout.axes[id], holder, { kind: "tensor", tensor: id });
    this.bind(id, tensor);
    return tensor;
  }

  private bind(id: TensorId, tensor: PlanTensorId): void {
    this.planTensors.set(id, tensor);
    this.sources[id] = tensorSource(tensor, allAxes(this.layout.axes[id]));
  }

  private read(id: TensorId): Expression {
    return expression(0, [1, this.sources[this.layout.root[id]]]);
  }

  private resultHolder(visibility: Visibility, committed: Holder): Holder {
    if (visibility === "public") return "public";
    return visibility === "committed" ? committed : "advice";
  }
}
