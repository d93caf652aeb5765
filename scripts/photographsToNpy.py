"""Photographs as input of an image classifier: one .npy of uint8 [N, height, width, 3], in the order of the arguments.

    python3 -m venv venv && venv/bin/pip install numpy pillow
    venv/bin/python scripts/photographsToNpy.py 224x224 photographs.npy cat.bmp bird.jpg

The whole picture is scaled to the size, as the published models of image classification expect it. A model with int8
input takes the same bytes minus 128; one with another zero point says so in its input's scale and zero point.
"""

import sys

import numpy as np
from PIL import Image


def main(size, output, *paths):
    width, height = (int(length) for length in size.split("x"))
    pictures = [Image.open(path).convert("RGB").resize((width, height), Image.Resampling.BILINEAR) for path in paths]
    np.save(output, np.stack([np.asarray(picture, np.uint8) for picture in pictures]))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
