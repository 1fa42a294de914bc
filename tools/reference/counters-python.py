"""Writes test/reference/counters.json: what other counting tools count, for single operators and for whole networks.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 safetensors huggingface_hub pyyaml numpy setuptools==80.9.0
    VENV/bin/pip install --no-deps timm==1.0.31 torchvision==0.28.0
    VENV/bin/pip install iopath yacs tabulate termcolor
    VENV/bin/pip install --no-deps fvcore==0.1.5.post20221221 ptflops==0.7.5 thop==0.1.1.post2209072238 calflops==0.3.2
    VENV/bin/python tools/reference/counters-python.py

One image each, in evaluation. The networks are timm's (ShuffleNet torchvision's) at 3x224x224: other code than ours
and than the papers', so that some operators are written in ways that a tool sees or does not see.
"""

import importlib.metadata
import json
import logging
import pathlib
import sys
import types
import warnings

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

# torchvision has no CPU build for this torch: it imports once the operators that it lacks are declared.
missing = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    missing.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
# calflops imports it for language models only, as it does what it asks this for.
utilities = sys.modules["accelerate.utils"] = types.ModuleType("accelerate.utils")
utilities.is_timm_available = utilities.is_transformers_available = lambda: False
accelerate = sys.modules["accelerate"] = types.ModuleType("accelerate")
accelerate.init_empty_weights = None
transformers = sys.modules["transformers"] = types.ModuleType("transformers")
transformers.AutoTokenizer = None
# thop asks for a module that Python 3.12 no longer has; setuptools brings it.
import setuptools  # noqa: E402, F401

import calflops  # noqa: E402
import ptflops  # noqa: E402
import thop  # noqa: E402
import timm  # noqa: E402
import torchvision  # noqa: E402
from fvcore.nn import FlopCountAnalysis  # noqa: E402

from torch_operators import cases  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[2] / "test/reference/counters.json"
TIMM = "resnet50 efficientnet_b0 mobilenetv2_100 tresnet_m fasternet_t0 repghostnet_050 vgg16 ghostnet_100 resnet50d".split()
TORCHVISION = ["shufflenet_v2_x1_0"]


class Whole(nn.Module):
    """Takes named inputs, as ptflops and calflops hand them over, and has a parameter, as calflops wants."""

    def __init__(self, module):
        super().__init__()
        self.module = module
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, **inputs):
        return self.module(*inputs.values())


def named(inputs):
    return {f"x{index}": x for index, x in enumerate(inputs)}


def fvcore(module, inputs):
    counter = FlopCountAnalysis(module, tuple(inputs))
    return counter.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()


def by_ptflops(backend):
    def count(module, inputs):
        with open("/dev/null", "w") as nowhere:
            return ptflops.get_model_complexity_info(
                Whole(module), (1,), as_strings=False, print_per_layer_stat=False, backend=backend, ost=nowhere,
                input_constructor=lambda _: named(inputs),
            )[0]
    return count


def by_thop(module, inputs):
    return thop.profile(module, inputs=tuple(inputs), verbose=False)[0]


def by_torch(module, inputs):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(*inputs)
    return counter.get_total_flops()


def by_calflops(module, inputs):
    options = {"print_results": False, "output_as_string": False}
    return calflops.calculate_flops(Whole(module), kwargs=named(inputs), **options)[0]


TOOLS = {
    "fvcore": fvcore, "ptflops": by_ptflops("pytorch"), "ptflops_aten": by_ptflops("aten"), "thop": by_thop,
    "torch": by_torch, "calflops": by_calflops,
}


def counted(tool, make):
    """Each tool gets a module of its own: some leave their marks on it."""
    module, inputs = make()
    amount = TOOLS[tool](module.eval(), inputs)
    assert amount == int(amount), (tool, amount)
    return int(amount)


def operators():
    for title, case in cases().items():
        def make(title=title):
            fresh = cases()[title]
            return fresh.module, [torch.rand(1, *shape) for shape in fresh.inputs]
        counts = {tool: counted(tool, make) for tool in TOOLS}
        head = {"op": case.op, "note": case.note, "attributes": case.attributes, "inputs": case.inputs}
        yield f"{json.dumps(title)}: {json.dumps({**head, 'counts': counts})}"


def network(name):
    module = timm.create_model(name) if name in TIMM else getattr(torchvision.models, name)(weights=None)
    return module, [torch.rand(1, 3, 224, 224)]


def networks():
    for name in sorted([*TIMM, *TORCHVISION]):
        counts = {tool: counted(tool, lambda: network(name)) for tool in TOOLS}
        print(name, counts, flush=True)
        yield f"{json.dumps(name)}: {json.dumps(counts)}"


def main():
    packages = ("torch", "timm", "torchvision", "fvcore", "ptflops", "thop", "calflops")
    versions = json.dumps({name: importlib.metadata.version(name) for name in packages})
    text = f'{{"versions": {versions},\n"operators": {{\n' + ",\n".join(operators())
    text += '\n},\n"networks": {\n' + ",\n".join(networks()) + "\n}}\n"
    json.loads(text)
    OUT.write_text(text)


main()
