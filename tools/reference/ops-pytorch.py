"""Writes test/backends/fixtures/ops.json: what PyTorch (2.13, CPU, float64) computes for single operators.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0
    VENV/bin/python tools/reference/ops-pytorch.py

The inputs are small decimals, made by a formula, so that the file stays small and the same everywhere. Attributes
and parameter roles are archc's; only the calls below are PyTorch's.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

from torch_operators import activation_rows, cases

torch.set_default_dtype(torch.float64)
CASES = {}


def values(shape, seed, scale=1.0):
    """Decimals with one digit in -5..5 (times scale), from a multiplicative sequence."""
    count = 1
    for size in shape:
        count *= size
    state, out = seed * 7919 + 17, []
    for _ in range(count):
        state = (state * 48271) % 2147483647
        out.append(round(((state >> 8) % 101 - 50) / 10 * scale, 3))
    return torch.tensor(out).reshape(shape)


def plain(tensor):
    flat = [float(f"{v:.9g}") for v in tensor.reshape(-1).tolist()]
    return {"shape": list(tensor.shape), "data": [int(v) if v == int(v) else v for v in flat]}


def case(op, attributes, inputs, outputs, parameters=None, note=None, gradients=None):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    title = f"{op} {note}" if note else op
    assert title not in CASES, f"two cases are called {title}"
    CASES[title] = entry = {"op": op, "attributes": attributes}
    entry["inputs"] = [plain(x) for x in inputs]
    entry["parameters"] = {role: plain(p) for role, p in (parameters or {}).items()}
    entry["outputs"] = [plain(y) for y in outputs]
    if gradients is not None:
        entry["gradients"] = [plain(x) for x in gradients]


def maps(*shape, batch=2, seed=1):
    return values((batch, *shape), seed)


def conv(x, channels, kernel, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1, bias=False, note=None):
    top, right, bottom, left = padding
    weight = values((channels, x.shape[1] // groups, *kernel), 3, 0.1)
    offset = values((channels,), 4, 0.5) if bias else None
    padded = F.pad(x, (left, right, top, bottom))
    y = F.conv2d(padded, weight, offset, stride, 0, dilation, groups)
    attributes = {
        "channels": channels, "kernel": list(kernel), "stride": list(stride), "padding": list(padding),
        "dilation": list(dilation), "groups": groups, "bias": bias,
    }
    case("conv", attributes, [x], y, {"weight": weight, **({"bias": offset} if bias else {})}, note)


def convolutions():
    x = maps(4, 5, 6)
    conv(x, 3, (3, 3), padding=(1, 1, 1, 1), bias=True, note="with a bias")
    conv(x, 2, (3, 2), (2, 1), (0, 2, 1, 1), note="every side and axis differs")
    conv(x, 2, (3, 3), (2, 2), (2, 2, 2, 2), (2, 2), note="stride and dilation")
    conv(x, 4, (3, 3), (2, 2), (1, 1, 1, 1), groups=4, note="depthwise")
    conv(x, 8, (3, 3), (1, 2), (1, 1, 1, 1), groups=4, bias=True, note="depthwise, two outputs a channel")
    conv(x, 6, (1, 3), padding=(0, 1, 0, 1), groups=2, note="grouped")
    conv(maps(72, 2, 2, batch=1), 36, (1, 1), groups=36, note="many narrow groups")


def partial_conv():
    x = maps(5, 3, 4)
    weight = values((2, 2, 3, 3), 5, 0.1)
    y = torch.cat([F.conv2d(x[:, :2], weight, padding=1), x[:, 2:]], 1)
    attributes = {"channels": 2, "kernel": [3, 3], "padding": [1, 1, 1, 1], "bias": False}
    case("partial_conv", attributes, [x], y, {"weight": weight})


def linear():
    x, weight, bias = maps(5), values((3, 5), 6), values((3,), 7)
    case("linear", {"features": 3, "bias": True}, [x], F.linear(x, weight, bias), {"weight": weight, "bias": bias})


def norms():
    x = maps(3, 2, 3)
    statistics = {"running_mean": values((3,), 8), "running_var": values((3,), 9).abs() + 0.5}
    affine = {"weight": values((3,), 10), "bias": values((3,), 11)}
    attributes = {"eps": 1e-3, "momentum": 0.1, "initial_scale": 1}
    y = F.batch_norm(x, statistics["running_mean"], statistics["running_var"], *affine.values(), eps=1e-3)
    case("batch_norm", attributes, [x], y, {**affine, **statistics})
    y_abn = F.leaky_relu(y, 0.01)
    case("abn", {**attributes, "activation": "leaky_relu", "slope": 0.01}, [x], y_abn, {**affine, **statistics}, "leaky_relu")
    y_plain = {**attributes, "activation": "none", "slope": 0}
    case("abn", y_plain, [x], y, {**affine, **statistics}, "none")
    last = F.layer_norm(x.permute(0, 2, 3, 1), (3,), *affine.values(), eps=1e-6)
    case("layer_norm", {"eps": 1e-6}, [x], last.permute(0, 3, 1, 2), affine, "of a map")
    vector = x[:, :, 0, 0]
    y = F.layer_norm(vector, (3,), *affine.values(), eps=1e-6)
    case("layer_norm", {"eps": 1e-6}, [vector], y, affine, "of a vector")


def activations():
    """Values, and the gradients of their sum."""
    x = torch.cat([values((1, 1, 1, 20), 12), torch.tensor([0.0, -3, 3, 6, 7, -7]).reshape(1, 1, 1, 6)], 3)
    for op, row in activation_rows():
        attributes = {row["parameter"]: row["default"] / 10} if "parameter" in row else {}
        given = x.clone().requires_grad_()
        y = getattr(torch.nn, row["module"])(*attributes.values())(given)
        (gradient,) = torch.autograd.grad(y.sum(), given)
        case(op, attributes, [x], y, gradients=[gradient])
    case("softmax", {}, [maps(4, 1, 2)], torch.softmax(maps(4, 1, 2), 1))


def pools():
    x = maps(2, 5, 7)

    def pair(kernel, stride, padding):
        return {"kernel": list(kernel), "stride": list(stride), "padding": list(padding)}

    y = F.max_pool2d(-x.abs(), 3, 2, 1)
    case("max_pool", pair((3, 3), (2, 2), (1, 1, 1, 1)), [-x.abs()], y, note="padding is not 0")
    y = F.max_pool2d(x, 2, 2, 0, ceil_mode=True)
    case("max_pool", pair((2, 2), (2, 2), (0, 1, 1, 0)), [x], y, note="ceil")
    y = F.max_pool2d(x, (2, 3), (1, 2), (1, 1))
    case("max_pool", pair((2, 3), (1, 2), (1, 1, 1, 1)), [x], y, note="another size of window along each axis")

    def average(kernel, stride, padding, count, y, note=None):
        case("avg_pool", {**pair(kernel, stride, padding), "count_padding": count}, [x], y, note=note)

    average((2, 2), (2, 2), (0, 0, 0, 0), True, F.avg_pool2d(x, 2), "without padding")
    average((2, 2), (2, 2), (0, 1, 1, 0), False, F.avg_pool2d(x, 2, ceil_mode=True), "ceil: the extra never counts")
    average((2, 2), (2, 2), (0, 1, 1, 0), False, F.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False), "ceil, count_padding=false")
    average((3, 3), (2, 2), (1, 1, 1, 1), True, F.avg_pool2d(x, 3, 2, 1), "padding counts")
    average((3, 3), (2, 2), (1, 1, 1, 1), False, F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), "padding does not count")
    case("global_avg_pool", {}, [x], F.adaptive_avg_pool2d(x, 1))

    taps = torch.tensor([1.0, 2, 1])
    blur = (taps[:, None] * taps[None, :] / 16).repeat(2, 1, 1, 1)
    for size in ((5, 7), (4, 6)):
        x = maps(2, *size)
        y = F.conv2d(F.pad(x, (1, 1, 1, 1), "reflect"), blur, stride=2, groups=2)
        case("blur_pool", {"stride": [2, 2]}, [x], y, note=f"of {size[0]} x {size[1]}")


def shapes():
    x = maps(6, 4, 2)
    n, c, h, w = x.shape
    # TResNet's SpaceToDepthModule: position in the block first, channel last.
    y = x.view(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4).reshape(n, c * 4, h // 2, w // 2)
    case("space_to_depth", {"block": 2}, [x], y)
    case("depth_to_space", {"block": 2}, [y], x)
    case("channel_shuffle", {"groups": 3}, [x], F.channel_shuffle(x, 3))
    case("concat", {}, [x, x[:, :1]], torch.cat([x, x[:, :1]], 1))
    case("split", {"sizes": [1, 2, 3]}, [x], torch.split(x, [1, 2, 3], 1))
    case("slice", {"start": 2, "end": 5}, [x], x[:, 2:5])
    case("flatten", {}, [x], torch.flatten(x, 1))
    case("reshape", {"shape": [4, 6, 2]}, [x], x.reshape(n, 4, 6, 2))
    case("pad", {"padding": [1, 2, 3, 0], "mode": "zero"}, [x], F.pad(x, (0, 2, 1, 3)), note="zeros")
    case("pad", {"padding": [1, 0, 3, 1], "mode": "reflect"}, [x], F.pad(x, (1, 0, 1, 3), "reflect"), note="reflected")
    x = maps(1, 3, 4)
    y = F.interpolate(x, scale_factor=(3, 2), mode="nearest")
    case("upsample", {"factor": [3, 2], "mode": "nearest"}, [x], y, note="nearest")
    for factor in ((2, 2), (3, 1)):
        y = F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)
        case("upsample", {"factor": list(factor), "mode": "bilinear"}, [x], y, note=f"bilinear, {factor[0]} x {factor[1]}")


def arithmetic():
    x, gate, mask = maps(3, 2, 2), maps(3, 1, 1, seed=2), maps(1, 2, 2, seed=3)
    case("add", {}, [x, x * 2, gate], x + x * 2 + gate)
    case("mul", {}, [x, gate], x * gate, note="by a gate")
    case("mul", {}, [mask, x], mask * x, note="by a mask")
    factors = values((3,), 13)
    case("scale", {"initial": 1}, [x], x * factors.view(1, 3, 1, 1), {"weight": factors})
    case("dropout", {"rate": 0.5}, [x], F.dropout(x, 0.5, training=False))
    case("drop_path", {"rate": 0.5}, [x], x, note="identity outside training")


def others():
    """Operators without a case above and without parameters, as torch_operators.py has them."""
    covered = {entry["op"] for entry in CASES.values()}
    for one in cases().values():
        if one.op not in covered and not list(one.module.state_dict()):
            x = [maps(*shape, seed=seed) for seed, shape in enumerate(one.inputs, 1)]
            case(one.op, one.attributes, x, one.module.eval()(*x), note=one.note)


for make in (convolutions, partial_conv, linear, norms, activations, pools, shapes, arithmetic, others):
    make()

target = pathlib.Path(__file__).parents[2] / "test/backends/fixtures/ops.json"
lines = ",\n".join(f'{json.dumps(title)}:{json.dumps(entry, separators=(",", ":"))}' for title, entry in CASES.items())
target.write_text(f'{{"made_by":"PyTorch {torch.__version__.split("+")[0]}, CPU, float64","cases":{{\n{lines}\n}}}}\n')
print(f"{len(CASES)} cases, {target.stat().st_size} bytes")
