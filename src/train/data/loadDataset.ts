import { TensorproofError } from "../../errors/tensorproofError.ts";
import { taskOf } from "../recipe/parseRecipe.ts";
import type { ImageRecipe, Recipe, TableRecipe } from "../recipe/recipe.ts";
import { CIFAR_CLASSES, cifarFiles, readCifar } from "./cifar.ts";
import type { DataSource } from "./dataSource.ts";
import type { Dataset } from "./dataset.ts";
import { encodeTable } from "./encodeTable.ts";
import { chooseImages, type ImageSet } from "./imageSet.ts";
import { MNIST_CLASSES, readMnist } from "./mnist.ts";
import { readTextTable } from "./textTable.ts";

const DEFAULT_TEST_SHARE = 0.3;

/** What a recipe trains and tests on. Throws `data.*`, `input.*` and `file.*` for what is wrong with the files. */
export function loadDataset(recipe: Pick<Recipe, "data" | "model" | "seed">, source: DataSource): Dataset {
  const { data } = recipe;
  return data.source === "csv" ? loadTable(data, recipe, source) : loadImages(data, readerOf(data, source));
}

function loadTable(
  data: TableRecipe,
  { model, seed }: Pick<Recipe, "data" | "model" | "seed">,
  source: DataSource,
): Dataset {
  const {
    file,
    target = null,
    ignore = [],
    classes,
    testShare = DEFAULT_TEST_SHARE,
    scaling = "min-max",
  } = data;
  return encodeTable(readTextTable(source.read(file), file), {
    ...{ name: file, target, task: taskOf(data, model), ignore, testShare, scaling, seed },
    ...(classes === undefined ? {} : { classes }),
  });
}

interface ImageReader {
  readonly classes: readonly string[];
  readonly read: (part: "train" | "test") => ImageSet;
}

function readerOf({ source: kind, folder }: ImageRecipe, source: DataSource): ImageReader {
  if (kind === "mnist") {
    const place = folder ?? source.mnistFolder() ?? "";
    return { classes: MNIST_CLASSES, read: (part) => readMnist(place, part, source) };
  }
  return {
    classes: CIFAR_CLASSES,
    read: (part) => {
      const files = cifarFiles(folder ?? "", part, source);
      if (files === null)
        throw new TensorproofError("file.missing", `"${folder}" holds no ${part}.bin`, {
          where: folder ?? "",
        });
      return readCifar(files, source);
    },
  };
}

function loadImages(data: ImageRecipe, { classes, read }: ImageReader): Dataset {
  const chosen = data.classes ?? classes.map((_, number) => number);
  const choose = (part: "train" | "test") => {
    const set = read(part);
    const count = data[part];
    const side = data.side ?? set.side;
    const samples = chooseImages(
      set,
      { classes: chosen, side, ...(count === undefined ? {} : { count }) },
      classes.length,
    );
    return { samples, shape: [set.channels, side, side] };
  };
  const train = choose("train");
  const test = choose("test");
  const inputShape = data.flat === true ? [train.shape[0] * train.shape[1] * train.shape[2]] : train.shape;
  const task = { kind: "classification", classes: chosen.map((number) => classes[number]) } as const;
  return { name: data.source, inputShape, task, train: train.samples, test: test.samples };
}
