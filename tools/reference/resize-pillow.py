#!/usr/bin/env python3
"""Writes test/host/fixtures/: a small picture, and what Pillow makes of it at several sizes.

    pip install pillow==13.0.0 numpy
    python3 tools/reference/resize-pillow.py test/host/fixtures

Each case is the preprocessing of torchvision: the shorter side is resized, a square of the centre cropped. What timm does
besides, and with other crops, is in preprocess-timm.py.
"""

import base64
import json
import sys
from pathlib import Path

import PIL
import numpy as np
from PIL import Image

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

# Side to resize to, and height and width of the crop: smaller, much smaller, larger, nearly the same.
SIZES = [(24, 20, 20), (7, 6, 6), (64, 56, 56), (38, 32, 32)]


def picture(height=39, width=57):
    """Slopes, a fine grid that aliases when it is resized carelessly, and hard edges that make bicubic overshoot."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(7).integers(0, 256, (height, width))
    red = np.where((x // 9 + y // 7) % 2 == 0, 255, 0)
    green = np.where(x + y < 40, (x * 4 + y) % 256, (x % 2) * 255)
    return np.stack([red, green, noise], axis=-1).astype(np.uint8)


def preprocess(image, side, height, width, interpolation):
    short, long = sorted(image.size)
    sides = {short: side, long: int(side * long / short)}
    resized = image.resize((sides[image.width], sides[image.height]), FILTERS[interpolation])
    left = int(round((resized.width - width) / 2.0))
    top = int(round((resized.height - height) / 2.0))
    return resized.crop((left, top, left + width, top + height))


def main(folder):
    image = Image.fromarray(picture())
    image.save(folder / "pattern.png", optimize=True)
    cases = [
        {
            "interpolation": interpolation,
            "resize": side,
            "crop": [height, width],
            "rgb": base64.b64encode(preprocess(image, side, height, width, interpolation).tobytes()).decode(),
        }
        for interpolation in FILTERS
        for side, height, width in SIZES
    ]
    made_with = {"pillow": PIL.__version__, "numpy": np.__version__}
    text = json.dumps({"picture": "pattern.png", "made_with": made_with, "cases": cases}, indent=1)
    (folder / "resize-pillow.json").write_text(text + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
