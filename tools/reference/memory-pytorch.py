"""Measures what PyTorch keeps between the forward and the backward pass of a training step.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 safetensors huggingface_hub pyyaml pillow
    VENV/bin/pip install --no-deps timm==1.0.31 torchvision==0.28.0
    VENV/bin/python tools/reference/memory-pytorch.py

Writes test/reference/memory-pytorch.json: bytes of the distinct storages that autograd saves in a forward pass on the
CPU, in fp32, a batch of 2 x 3 x 224 x 224. Not counted: parameters, buffers, and the picture. Dropout is PyTorch's
`native_dropout`, which GPUs use, with a mask of booleans; drop path is off. `tresnet_m-inplace_abn` is timm's network with
its norms replaced by a function that saves what inplace_abn 1.1 saves (its functions.py: output, variance, count), in
the memory of its input.
"""

import json
import pathlib

import torch
from torch.autograd.graph import saved_tensors_hooks

# torchvision has no CPU build for this torch: it imports once the operators that it lacks are declared.
missing = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    missing.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import timm  # noqa: E402
import torchvision  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH = 2
TIMM = """resnet18 resnet50 resnet50d resnext50_32x4d seresnet50 ecaresnet50d resnetblur50 tresnet_m tresnet_l
efficientnet_b0 efficientnet_b1 mobilenetv2_100 mobilenetv3_large_100 mixnet_s fasternet_t0 fasternet_t2
repghostnet_050 ghostnet_100 repvgg_a0 vgg16""".split()
# Networks with dropout before their last layers, which timm leaves to the caller.
DROPOUT = ("efficientnet", "mobilenetv", "mixnet", "repghostnet", "ghostnet", "vgg")
# Specs of other names: theirs, then the official one.
RENAMED = {"efficientnet_lite0": "tf_efficientnet_lite0"}
TORCHVISION = ["shufflenet_v2_x1_0"]


class InPlaceAbn(torch.autograd.Function):
    """Forward of an activated batch norm over its input; the backward pass is never run here."""

    @staticmethod
    def forward(ctx, x, weight, bias, slope):
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        count = torch.full((1,), x.numel() // x.shape[1])
        x.sub_(mean[:, None, None]).div_((var[:, None, None] + 1e-5).sqrt())
        x.mul_(weight.abs()[:, None, None] + 1e-5).add_(bias[:, None, None])
        if slope is not None:
            torch.nn.functional.leaky_relu_(x, slope)
        ctx.save_for_backward(x, var, count, weight, bias)
        ctx.mark_dirty(x)
        return x


class InPlaceNorm(torch.nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.weight, self.bias = norm.weight, norm.bias
        act = getattr(norm, "act", None)
        self.slope = act.negative_slope if isinstance(act, torch.nn.LeakyReLU) else None

    def forward(self, x):
        return InPlaceAbn.apply(x, self.weight, self.bias, self.slope)


def with_inplace_abn(module):
    for name, child in module.named_children():
        if isinstance(child, torch.nn.BatchNorm2d):
            setattr(module, name, InPlaceNorm(child))
        else:
            with_inplace_abn(child)
    return module


def official(name):
    if name in TORCHVISION:
        return getattr(torchvision.models, name)(weights=None)
    if name.endswith("-inplace_abn"):
        return with_inplace_abn(official(name.removesuffix("-inplace_abn")))
    options = {"drop_rate": 0.2} if name.startswith(DROPOUT) else {}
    if name.startswith("fasternet"):
        options["drop_path_rate"] = 0.0
    return timm.create_model(RENAMED.get(name, name), **options)


def saved_bytes(model, picture):
    known = [*model.parameters(), *model.buffers(), picture]
    known = {tensor.untyped_storage().data_ptr() for tensor in known}
    saved = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            # Holding the tensor keeps its address from being used again.
            saved[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        # The hooks' own references end with the graph, so the result has to outlive the sum.
        result = model(picture)
    total = sum(size for size, _ in saved.values())
    del result
    return total


def native_dropout(x, p=0.5, training=True, inplace=False):
    return torch.native_dropout(x, p, True)[0] if training and p > 0 else x


def main():
    torch.nn.functional.dropout = native_dropout
    networks = {}
    for name in [*TIMM, *RENAMED, *TORCHVISION, "tresnet_m-inplace_abn", "tresnet_l-inplace_abn"]:
        torch.manual_seed(0)
        model = official(name).train()
        networks[name] = saved_bytes(model, torch.randn(BATCH, 3, 224, 224))
        print(name, networks[name])
    versions = {"torch": torch.__version__, "timm": timm.__version__, "torchvision": torchvision.__version__}
    made = {"versions": versions, "batch": BATCH, "input": [3, 224, 224], "bytes": networks}
    path = ROOT / "test/reference/memory-pytorch.json"
    path.write_text(json.dumps(made, indent=2) + "\n")


if __name__ == "__main__":
    main()
