#!/usr/bin/env python3
"""Writes .npy files of every kind that matters to test/host/fixtures/, as numpy itself writes them.

    pip install numpy==2.4.6
    python3 tools/reference/arrays-numpy.py test/host/fixtures
"""

import sys
from pathlib import Path

import numpy as np


def arrays():
    values = np.array([[0, 1, -2.5], [0.1, 65504, 2**-24]])
    yield "float32", values.astype("<f4"), (1, 0)
    yield "float32-version2", values.astype("<f4"), (2, 0)
    yield "float32-version3", values.astype("<f4"), (3, 0)
    yield "float64", values.astype("<f8"), (1, 0)
    yield "float16", values.astype("<f2"), (1, 0)
    yield "scalar", np.array(7, dtype="<f4"), (1, 0)
    yield "vector", np.array([1, 2, 3], dtype="<f4"), (1, 0)
    yield "empty", np.zeros((0, 3), dtype="<f4"), (1, 0)
    yield "fortran", np.asfortranarray(values.astype("<f4")), (1, 0)
    yield "big-endian", values.astype(">f4"), (1, 0)
    yield "int64", values.astype("<i8"), (1, 0)
    yield "record", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4", (2, 2))]), (1, 0)
    yield "nan", np.where(values == 0.1, np.nan, values).astype("<f4"), (1, 0)
    yield "overflow", np.array([1.0, 1e300]), (1, 0)


def main(folder):
    for name, array, version in arrays():
        with open(folder / f"{name}.npy", "wb") as file:
            np.lib.format.write_array(file, array, version=version)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
