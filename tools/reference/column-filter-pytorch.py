"""Writes test/weights/fixtures: a column filter as PyTorch saves it, an input, and prints what it computes.

    pip install torch numpy safetensors
    python tools/reference/column-filter-pytorch.py test/weights/fixtures
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

folder = Path(sys.argv[1])
torch.manual_seed(0)
weight = torch.randn(4, 3, 7, 1)  # nn.Conv2d(3, 4, (7, 1)): seven rows, one column
save_file({"stem.strip.weight": weight}, folder / "column.safetensors")
# The first row of zeros makes a column differ from a row in every channel.
x = torch.randn(1, 3, 16, 16)
x[:, :, 0] = 0
np.save(folder / "column-input.npy", x.numpy())
print(torch.nn.functional.conv2d(x, weight, padding=(3, 0)).mean((2, 3)).numpy().round(5))
