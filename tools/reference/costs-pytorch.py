"""Writes test/reference/costs-pytorch.json: what PyTorch keeps for the backward pass, and its MACs, operator by operator.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0
    VENV/bin/python tools/reference/costs-pytorch.py

Each case of torch_operators.py runs forward in training, with torch.autograd.graph.saved_tensors_hooks noting every
tensor that autograd keeps, once for each memory it lies in: an input, an output, a parameter, a buffer or another one
(with its type and number of elements). Batch of two. The MACs are half of what torch.utils.flop_counter counts, one
forward pass and the backward pass after it apart.
"""

import json
import pathlib

import torch
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from torch_operators import BATCH, cases, inputs_of

OUT = pathlib.Path(__file__).resolve().parents[2] / "test/reference/costs-pytorch.json"


def memory_of(tensor):
    return tensor.untyped_storage().data_ptr()


def listed(outputs):
    return list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]


def kept(case, inputs):
    """Runs forward. An operator that works in place gets a tensor of its own, as in a network."""
    saved = {}

    def pack(tensor):
        saved.setdefault(memory_of(tensor), tensor.detach())
        return tensor

    handed = [x * 1 for x in inputs]
    places = {memory_of(x): ("inputs", index) for index, x in enumerate(handed)}
    with saved_tensors_hooks(pack, lambda tensor: tensor):
        outputs = listed(case.module(*handed))
    places |= {memory_of(p): ("parameters", name) for name, p in case.module.named_parameters()}
    places |= {memory_of(p): ("buffers", name) for name, p in case.module.named_buffers()}
    # Last: what works in place returns its input's memory, which holds the output then; a view keeps its input's.
    in_place = getattr(case.module, "inplace", False)
    for index, y in enumerate(outputs):
        if in_place or memory_of(y) not in places:
            places[memory_of(y)] = ("outputs", index)
    found = {"inputs": [], "outputs": [], "other": []}
    for memory, tensor in saved.items():
        group, which = places.get(memory, ("other", None))
        if group == "other":
            size = tensor.untyped_storage().nbytes() // tensor.element_size()
            found[group].append({"type": str(tensor.dtype).removeprefix("torch."), "elements": size})
        elif group in found:
            found[group].append(which)
    return {key: sorted(value, key=str) for key, value in found.items()}


def macs(case, inputs):
    """Of an image."""
    counter = FlopCounterMode(display=False)
    with counter:
        outputs = listed(case.module(*[x * 1 for x in inputs]))
    forward = counter.get_total_flops()
    counter = FlopCounterMode(display=False)
    with counter:
        sum(y.sum() for y in outputs).backward()
    return {"forward": forward // 2 // BATCH, "backward": counter.get_total_flops() // 2 // BATCH}


def measured(case):
    case.module.train()
    inputs = [x.requires_grad_() for x in inputs_of(case)]
    return {
        "op": case.op, "note": case.note, "attributes": case.attributes, "inputs": case.inputs,
        "keeps": kept(case, inputs), "macs": macs(case, inputs),
    }


def main():
    rows = [f"{json.dumps(title)}: {json.dumps(measured(case))}" for title, case in cases().items()]
    head = json.dumps({"torch": torch.__version__, "batch": BATCH})[:-1]
    OUT.write_text(head + ', "cases": {\n' + ",\n".join(rows) + "\n}}\n")


main()
