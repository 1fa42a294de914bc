"""Writes test/reference/autocast.json: in which type each operator runs under PyTorch's autocast to fp16 on CUDA.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0
    VENV/bin/python tools/reference/autocast-pytorch.py

No GPU is needed: the tensors are fake ones that say that they are on `cuda`, so that dispatch, the casts of autocast and
the types of the results are those of the real thing, and nothing is computed. `aten` lists what runs, in order, with the
type of each tensor that enters and of the result; `_to_copy` is a cast. A case is run with every combination of fp16 and
fp32 inputs, its parameters being fp32, in evaluation (dropout in training).

`registered` is the dispatcher's own table for operators of ATen: `lower_precision`, `fp32`, `promote` as autocast_mode.h
lists them, `fallthrough` where autocast does nothing, so that it runs in the types that it is given.
"""

import itertools
import json
import pathlib
import re
import warnings

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from torch_operators import BATCH, cases

OUT = pathlib.Path(__file__).resolve().parents[2] / "test/reference/autocast.json"
HEADER = pathlib.Path(torch.__file__).parent / "include/ATen/autocast_mode.h"
POLICIES = {
    "AT_FORALL_LOWER_PRECISION_FP": "lower_precision",
    "AT_FORALL_FP32": "fp32",
    "AT_FORALL_FP32_SET_OPT_DTYPE": "fp32",
    "AT_FORALL_PROMOTE": "promote",
}
NAMES = {torch.float16: "fp16", torch.float32: "fp32"}
ATEN = """conv2d _convolution linear addmm batch_norm cudnn_batch_norm native_batch_norm layer_norm native_layer_norm mean.dim
adaptive_avg_pool2d max_pool2d max_pool2d_with_indices avg_pool2d cat add.Tensor mul.Tensor relu hardtanh leaky_relu silu
gelu hardswish hardsigmoid sigmoid tanh softmax.int reflection_pad2d constant_pad_nd upsample_nearest2d
upsample_bilinear2d pixel_shuffle pixel_unshuffle dropout native_dropout slice.Tensor split_with_sizes flatten.using_ints
view clone contiguous permute""".split()
# Views and fresh memory: no kernel runs.
SILENT = re.compile(r"aten\.(view|slice|split_with_sizes|permute|transpose|t|new_empty|empty)\b")


class Log(TorchDispatchMode):
    """Below autocast: sees its casts as operators."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        out = function(*arguments, **(options or {}))
        given = types_of(out)
        if given and not SILENT.match(str(function)):
            name = str(function).removeprefix("aten.").removesuffix(".default")
            self.rows.append({"op": name, "takes": types_of(arguments), "gives": given[0]})
        return out


def types_of(tree):
    leaves = torch.utils._pytree.tree_leaves(tree)
    return [NAMES.get(x.dtype, str(x.dtype)) for x in leaves if isinstance(x, torch.Tensor)]


def autocast(on):
    torch.set_autocast_enabled("cuda", on)
    torch.set_autocast_dtype("cuda", torch.float16)
    # Each case casts its weights itself.
    torch.set_autocast_cache_enabled(False)


def runs(case, mode):
    module = case.module.train(case.op in ("dropout", "drop_path"))
    # From fake to fake: parameters and buffers as the device would hold them.
    for owner in module.modules():
        for table in (owner._parameters, owner._buffers):
            for name, tensor in table.items():
                if tensor is not None:
                    with mode:
                        table[name] = torch.empty(tensor.shape, dtype=tensor.dtype, device="cuda")
    for types in itertools.product(NAMES, repeat=len(case.inputs)):
        with mode:
            inputs = [torch.empty((BATCH, *s), dtype=t, device="cuda") for s, t in zip(case.inputs, types)]
            autocast(True)
            with torch.no_grad(), Log() as log:
                outputs = module(*inputs)
            autocast(False)
        first = outputs[0] if isinstance(outputs, tuple) else outputs
        yield {"inputs": [NAMES[t] for t in types], "output": NAMES[first.dtype], "aten": log.rows}


def registered():
    """The macros' lists, each entry `_(name)` or `_(name, overload)`."""
    text = HEADER.read_text().replace("\\\n", " ")
    listed = {}
    for macro, policy in POLICIES.items():
        body = re.search(rf"#define {macro}\(_\)(.*)", text).group(1)
        for name, overload in re.findall(r"_\((\w+)(?:, (\w+))?\)", body):
            listed[f"{name}.{overload}" if overload else name] = policy
    for name in ATEN:
        table = torch._C._dispatch_dump_table(f"aten::{name}")
        line = next(line for line in table.splitlines() if line.startswith("AutocastCUDA"))
        falls = "fallthrough" in line
        if falls == (name in listed):
            raise SystemExit(f"{name}: the header and the dispatcher disagree: {line}")
        yield name, "fallthrough" if falls else listed[name]


def main():
    warnings.simplefilter("ignore")
    rows = []
    for title, case in cases().items():
        found = list(runs(case, FakeTensorMode()))
        head = {"op": case.op, "note": case.note, "attributes": case.attributes, "shapes": case.inputs}
        lines = ",\n  ".join(json.dumps(run) for run in found)
        rows.append(f'{json.dumps(title)}: {json.dumps(head)[:-1]}, "runs": [\n  {lines}]}}')
    policies = json.dumps(dict(registered()), indent=1)
    text = f'{{"torch": "{torch.__version__}",\n"registered": {policies},\n"cases": {{\n' + ",\n".join(rows) + "\n}}\n"
    OUT.write_text(json.dumps(json.loads(text)) and text)


main()
