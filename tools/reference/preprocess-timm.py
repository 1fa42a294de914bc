#!/usr/bin/env python3
"""Writes preprocess-timm.json: what timm's own transforms make of pictures, for many sizes of pictures and of inputs.

    pip install timm==1.0.31 torch==2.13.0 torchvision==0.28.0 pillow==13.0.0 numpy
    python3 tools/reference/preprocess-timm.py test/host/fixtures

Each case states the picture's size, the network's input, crop_pct and interpolation; then the size that timm resizes to and
the box that it cuts out, and of the result a checksum (zlib's crc32 of height x width x channels bytes) and the bytes of a
few pixels, so that a test that fails shows by how much. Pictures are computed by a formula of their coordinates, which the
test repeats.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
import PIL
import timm
import torch
import torchvision
from PIL import Image
from timm.data.transforms import ResizeKeepRatio
from timm.data.transforms_factory import transforms_imagenet_eval
from torchvision.transforms import CenterCrop, Resize

# [height, width] of pictures: odd and even, landscape and portrait, square, tiny, thin.
PICTURES = [(300, 451), (451, 300), (301, 301), (97, 640), (3, 5), (37, 36), (512, 384), (1, 9)]
SQUARE = [64, 96, 112, 127, 128, 160, 176, 192, 224, 240, 256, 260, 288, 299, 300, 320, 380, 384, 448, 456, 512, 528, 600]
OTHERS = [(160, 320), (320, 160), (224, 225), (97, 64), (64, 97), (192, 256), (256, 192), (128, 512), (33, 35), (300, 299)]
CROPS = [0.875, 0.9, 0.904, 0.95, 1.0]
# crop_pct above 1 stands for a side to resize to that is smaller than the input: what lacks is black.
SMALLER = [((64, 64), 1.3), ((65, 64), 1.3), ((64, 65), 1.21), ((51, 51), 1.5), ((40, 90), 2.0)]


def picture(height, width):
    """Slopes, a fine grid that aliases when it is resized carelessly, and steps that make bicubic overshoot."""
    y, x = np.mgrid[0:height, 0:width]
    red = np.where((x // 9 + y // 7) % 2 == 0, 255, 0)
    green = np.where((x + y) % 80 < 40, (x * 4 + y) % 256, (x % 2) * 255)
    blue = (x * x * 7 + y * y * 13 + x * y * 5) % 256
    return Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8))


class Recorder:
    """Keeps what each step of timm's pipeline hands on."""

    def __init__(self, step, sizes):
        self.step, self.sizes = step, sizes

    def __call__(self, image):
        out = self.step(image)
        self.sizes.append((type(self.step).__name__, out.height, out.width))
        return out


def case(size, crop, crop_pct, interpolation, mode="RGB"):
    # A number as the input of a square, a pair otherwise: timm's code has a path for each.
    given = crop[0] if crop[0] == crop[1] else crop
    pipeline = transforms_imagenet_eval(given, crop_pct=crop_pct, interpolation=interpolation, normalize=False)
    steps, sizes = pipeline.transforms, []
    assert isinstance(steps[0], (Resize, ResizeKeepRatio)) and isinstance(steps[1], CenterCrop)
    pipeline.transforms = [Recorder(steps[0], sizes), *steps[1:]]
    pixels = pipeline(picture(*size).convert(mode)).permute(1, 2, 0).contiguous().numpy()
    assert pixels.shape[:2] == tuple(crop)
    flat = pixels.reshape(-1)
    places = [i * (flat.size - 1) // 11 for i in range(12)]
    return {
        "picture": list(size),
        "mode": mode,
        "crop": list(crop),
        "crop_pct": crop_pct,
        "interpolation": interpolation,
        "resized": list(sizes[0][1:]),
        "crc32": zlib.crc32(pixels.tobytes()),
        "samples": flat[places].tolist(),
    }


def cases():
    for i, side in enumerate(SQUARE):
        for j, interpolation in enumerate(("bilinear", "bicubic")):
            for k in range(2):
                size = PICTURES[(2 * i + j + k * 3) % len(PICTURES)]
                yield case(size, (side, side), CROPS[(i + k) % len(CROPS)], interpolation)
    for i, crop in enumerate(OTHERS):
        for interpolation in ("bilinear", "bicubic"):
            for k, size in enumerate(PICTURES[i % 2 : 7 : 2]):
                yield case(size, crop, CROPS[(i + k) % len(CROPS)], interpolation)
    for crop, crop_pct in SMALLER:
        for interpolation in ("bilinear", "bicubic"):
            for size in PICTURES[:3]:
                yield case(size, crop, crop_pct, interpolation)
    for size in PICTURES[:5]:
        yield case(size, (28, 28), 0.875, "bilinear", "L")
        yield case(size, (28, 36), 1.0, "bicubic", "L")


def main(folder):
    made_with = {
        "timm": timm.__version__,
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "pillow": PIL.__version__,
    }
    # One case a line: a difference shows which of them changed.
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases())
    text = f'{{"made_with": {json.dumps(made_with)},\n"cases": [\n{lines}\n]}}\n'
    (folder / "preprocess-timm.json").write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
