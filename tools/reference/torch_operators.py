"""The operators of archc as PyTorch's modules, with a case each: what the scripts beside this one run and measure.

Attributes and shapes (without the batch) are archc's. A module is what a network's author would write: `nn` classes
where there is one, functions and operators of tensors otherwise.
"""

import inspect
import json
import pathlib
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 2
SAME = [1, 1, 1, 1]
ROWS = pathlib.Path(__file__).resolve().parents[2] / "test/reference/activations.json"


@dataclass
class Case:
    op: str
    attributes: dict
    inputs: list
    module: nn.Module
    note: str = ""

    def title(self):
        return f"{self.op} {self.note}".strip()


class Call(nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


class Blur(nn.Module):
    """TResNet's and timm's: reflection, then a fixed depthwise filter."""

    def __init__(self, channels, stride):
        super().__init__()
        taps = torch.tensor([1.0, 2.0, 1.0])
        filters = (taps[:, None] * taps[None, :] / 16)[None, None].repeat(channels, 1, 1, 1)
        self.stride = stride
        self.register_buffer("filters", filters)

    def forward(self, x):
        padded = F.pad(x, (1, 1, 1, 1), mode="reflect")
        return F.conv2d(padded, self.filters, stride=self.stride, groups=x.shape[1])


class Partial(nn.Module):
    """FasterNet's, in the form that it trains in: split and cat."""

    def __init__(self, channels, kernel, padding, bias):
        super().__init__()
        self.channels = channels
        self.conv = nn.Conv2d(channels, channels, kernel, 1, padding, bias=bias)

    def forward(self, x):
        first, rest = torch.split(x, [self.channels, x.shape[1] - self.channels], 1)
        return torch.cat([self.conv(first), rest], 1)


class ChannelNorm(nn.Module):
    """Layer norm over the channels of a map, as ConvNeXt has it."""

    def __init__(self, channels, eps):
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels, 1, 1), 0.5))

    def forward(self, x):
        return x * self.gamma


# `clone` is what `contiguous` does to these, and unlike it takes the fake tensors of autocast-pytorch.py.


def space_to_depth(x, block=2):
    n, c, h, w = x.shape
    x = x.view(n, c, h // block, block, w // block, block).permute(0, 3, 5, 1, 2, 4)
    x = x.clone(memory_format=torch.contiguous_format)
    return x.view(n, c * block * block, h // block, w // block)


def depth_to_space(x, block=2):
    n, c, h, w = x.shape
    x = x.view(n, block, block, c // block**2, h, w).permute(0, 3, 4, 1, 5, 2).clone(memory_format=torch.contiguous_format)
    return x.view(n, c // block**2, h * block, w * block)


def channel_shuffle(x, groups=2):
    n, c, h, w = x.shape
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).clone(memory_format=torch.contiguous_format).view(n, c, h, w)


def drop_path(x, rate=0.5):
    keep = x.new_empty((x.shape[0], 1, 1, 1)).bernoulli_(1 - rate).div_(1 - rate)
    return x * keep


def conv(channels, into, kernel, stride=1, groups=1, bias=False):
    attributes = {
        "channels": channels, "kernel": [kernel, kernel], "stride": [stride, stride],
        "padding": [(kernel - 1) // 2] * 4, "dilation": [1, 1], "groups": groups, "bias": bias,
    }
    return attributes, nn.Conv2d(into, channels, kernel, stride, (kernel - 1) // 2, groups=groups, bias=bias)


def convolutions():
    for note, shape, arguments in [
        ("dense", [4, 6, 8], (6, 4, 3)),
        ("with a bias", [4, 6, 8], (6, 4, 3, 1, 1, True)),
        ("strided", [4, 6, 8], (6, 4, 3, 2)),
        ("pointwise", [4, 6, 8], (6, 4, 1)),
        ("depthwise", [4, 6, 8], (4, 4, 3, 1, 4)),
        ("grouped", [4, 6, 8], (6, 4, 3, 1, 2)),
    ]:
        attributes, module = conv(*arguments)
        yield Case("conv", attributes, [shape], module, note)


def activated(activation, slope, module):
    norm = nn.BatchNorm2d(4, 1e-5, 0.1)
    attributes = {"eps": 1e-5, "momentum": 0.1, "initial_scale": 1, "activation": activation, "slope": slope}
    return Case("abn", attributes, [[4, 6, 8]], nn.Sequential(norm, *module), activation)


def norms():
    plain = {"eps": 1e-5, "momentum": 0.1, "initial_scale": 1}
    yield Case("batch_norm", plain, [[4, 6, 8]], nn.BatchNorm2d(4, 1e-5, 0.1))
    yield activated("leaky_relu", 0.01, [nn.LeakyReLU(0.01, inplace=True)])
    yield activated("relu", 0, [nn.ReLU(inplace=True)])
    yield activated("none", 0, [])
    yield Case("layer_norm", {"eps": 1e-6}, [[4, 6, 8]], ChannelNorm(4, 1e-6), "of a map")
    yield Case("layer_norm", {"eps": 1e-6}, [[12]], nn.LayerNorm(12, 1e-6), "of a vector")


def activation_rows():
    """The activations as src/ir/ops/activations.ts has them: name, class in torch.nn, and the number it takes, if any."""
    return json.loads(ROWS.read_text()).items()


def activations():
    for op, row in activation_rows():
        attributes = {row["parameter"]: row["default"]} if "parameter" in row else {}
        module = getattr(nn, row["module"])
        yield Case(op, attributes, [[4, 6, 8]], module(*attributes.values()))
        if "inplace" in inspect.signature(module).parameters:
            yield Case(op, attributes, [[4, 6, 8]], module(*attributes.values(), inplace=True), "in place")
    yield Case("softmax", {}, [[12]], nn.Softmax(1))


def pools():
    zero = [0, 0, 0, 0]
    yield Case("max_pool", {"kernel": [3, 3], "stride": [2, 2], "padding": SAME}, [[4, 6, 8]], nn.MaxPool2d(3, 2, 1))
    attributes = {"kernel": [2, 2], "stride": [2, 2], "padding": zero, "count_padding": True}
    yield Case("avg_pool", attributes, [[4, 6, 8]], nn.AvgPool2d(2, 2))
    yield Case("global_avg_pool", {}, [[4, 6, 8]], nn.AdaptiveAvgPool2d(1), "as a module")
    yield Case("global_avg_pool", {}, [[4, 6, 8]], Call(lambda x: x.mean((2, 3), keepdim=True)), "as a mean")
    yield Case("blur_pool", {"stride": [2, 2]}, [[4, 6, 8]], Blur(4, 2))


def sums():
    yield Case("add", {}, [[4, 6, 8], [4, 6, 8]], Call(lambda a, b: a + b))
    yield Case("add", {}, [[4, 6, 8], [4, 1, 1]], Call(lambda a, b: a + b), "repeated")
    yield Case("mul", {}, [[4, 6, 8], [4, 6, 8]], Call(lambda a, b: a * b))
    yield Case("mul", {}, [[4, 6, 8], [4, 1, 1]], Call(lambda a, b: a * b), "repeated")
    yield Case("scale", {"initial": 0.5}, [[4, 6, 8]], Scale(4))


def movements():
    yield Case("concat", {}, [[4, 6, 8], [2, 6, 8]], Call(lambda a, b: torch.cat([a, b], 1)))
    yield Case("slice", {"start": 1, "end": 3}, [[4, 6, 8]], Call(lambda x: x.narrow(1, 1, 2)))
    yield Case("split", {"sizes": [1, 3]}, [[4, 6, 8]], Call(lambda x: torch.split(x, [1, 3], 1)))
    yield Case("flatten", {}, [[4, 6, 8]], nn.Flatten())
    yield Case("reshape", {"shape": [48, 4, 1]}, [[4, 6, 8]], Call(lambda x: x.reshape(-1, 48, 4, 1)))
    yield Case("space_to_depth", {"block": 2}, [[4, 6, 8]], Call(space_to_depth))
    yield Case("depth_to_space", {"block": 2}, [[8, 6, 8]], Call(depth_to_space))
    yield Case("channel_shuffle", {"groups": 2}, [[4, 6, 8]], Call(channel_shuffle))
    yield Case("pad", {"padding": [1, 2, 1, 2], "mode": "zero"}, [[4, 6, 8]], nn.ZeroPad2d((2, 2, 1, 1)), "zeros")
    reflect = nn.ReflectionPad2d((2, 2, 1, 1))
    yield Case("pad", {"padding": [1, 2, 1, 2], "mode": "reflect"}, [[4, 6, 8]], reflect, "reflected")
    for mode in ("nearest", "bilinear"):
        yield Case("upsample", {"factor": [2, 2], "mode": mode}, [[4, 6, 8]], nn.Upsample(scale_factor=2, mode=mode), mode)


def others():
    yield Case("linear", {"features": 5, "bias": True}, [[12]], nn.Linear(12, 5), "with a bias")
    yield Case("linear", {"features": 5, "bias": False}, [[12]], nn.Linear(12, 5, bias=False))
    attributes = {"channels": 2, "kernel": [3, 3], "padding": SAME, "bias": False}
    yield Case("partial_conv", attributes, [[8, 6, 8]], Partial(2, 3, 1, False))
    yield Case("dropout", {"rate": 0.5}, [[12]], nn.Dropout(0.5))
    yield Case("drop_path", {"rate": 0.5}, [[4, 6, 8]], Call(drop_path))


def cases():
    """Every case by its title, which is its key in what the scripts write: an order means nothing."""
    torch.manual_seed(0)
    found = {}
    for group in (convolutions, others, norms, activations, pools, sums, movements):
        for case in group():
            assert case.title() not in found, f"two cases are called {case.title()}"
            found[case.title()] = case
    return found


def inputs_of(case, **options):
    return [torch.rand((BATCH, *shape)).to(**options) for shape in case.inputs]
