import type { Graph } from "../../graph/graph.ts";

/** A graph to be written as ONNX, or the text of a file that docs/guide/classical.md describes. */
export type TrainedModel =
  | { readonly kind: "graph"; readonly graph: Graph }
  | { readonly kind: "json"; readonly text: string };
