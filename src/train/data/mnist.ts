import { readIdx } from "../../data/idx.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DataSource } from "./dataSource.ts";
import type { ImageSet } from "./imageSet.ts";

export const MNIST_CLASSES: readonly string[] = Array.from({ length: 10 }, (_, digit) => String(digit));

const PARTS = { train: "train", test: "t10k" } as const;

/** The idx files of MNIST and of sets in its form (Fashion-MNIST). */
export function mnistFiles(folder: string): readonly string[] {
  return Object.values(PARTS).flatMap((part) => [imagesOf(folder, part), labelsOf(folder, part)]);
}

const imagesOf = (folder: string, part: string): string => `${folder}/${part}-images-idx3-ubyte`;
const labelsOf = (folder: string, part: string): string => `${folder}/${part}-labels-idx1-ubyte`;

/** Throws `input.unreadable` and, where images are not square or labels are missing, `input.shape`. */
export function readMnist(folder: string, part: keyof typeof PARTS, source: DataSource): ImageSet {
  const fileName = imagesOf(folder, PARTS[part]);
  const images = readIdx(source.read(fileName), fileName);
  const labelName = labelsOf(folder, PARTS[part]);
  const labels = readIdx(source.read(labelName), labelName);
  const [count, height, width] = images.shape;
  if (
    images.shape.length !== 3 ||
    height !== width ||
    labels.shape.length !== 1 ||
    labels.shape[0] !== count
  ) {
    const message = `"${fileName}": expected square images and as many labels, got ${images.shape.join(" × ")} and ${labels.shape.join(" × ")}`;
    throw new TensorproofError("input.shape", message, { where: fileName });
  }
  return {
    ...{ fileName, count, channels: 1, side: height },
    ...{ pixels: Uint8Array.from(images.data), labels: Uint8Array.from(labels.data) },
  };
}
