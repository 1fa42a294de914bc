"""Compares archc with the official code of networks that have no golden file, and prints their fingerprints.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 safetensors huggingface_hub pyyaml pillow
    VENV/bin/pip install --no-deps timm==1.0.31 torchvision==0.28.0
    npm ci && VENV/bin/python tools/reference/rivals-timm.py [NETWORK ...]

Each network gets random weights in which a mistake shows: norm scales of both signs, running statistics that are not
those of a fresh network. They go through a .safetensors file and `archc run`; the logits are to agree with PyTorch's.
The fingerprints are those of test/networks/fingerprints.test.ts, where it says what they are made of. Exit status 1
where logits differ by more than 1e-4 of their standard deviation, or a network does not run.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import save_file

# torchvision has no CPU build for this torch: it imports once the operators that it lacks are declared.
missing = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    missing.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import timm  # noqa: E402
import torchvision  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMM = """ecaresnet50d efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4 ghostnet_100 mixnet_l mixnet_m
mixnet_s mobilenetv3_large_100 repvgg_a0 repvgg_b0 resnet50d resnetblur50 seresnet50 vgg16""".split()
TORCHVISION = ["shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "shufflenet_v2_x1_5", "shufflenet_v2_x2_0"]
TOLERANCE = 1e-4


def official(name):
    model = timm.create_model(name) if name in TIMM else getattr(torchvision.models, name)(weights=None)
    torch.manual_seed(sum(name.encode()))
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.0)
            module.weight.data[3::7] *= -1
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    return model.eval()


def fingerprint(tensors):
    lines = (f"{key} {'x'.join(str(size) for size in value.shape if size != 1)}" for key, value in tensors.items())
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def archc_logits(name, tensors, image, folder):
    save_file(tensors, folder / "w.safetensors")
    numpy.save(folder / "x.npy", image.numpy())
    command = ["node", ROOT / "dist/cli/archc.cjs", "run", name, "--weights", folder / "w.safetensors"]
    subprocess.run([*command, "--input", folder / "x.npy", "--output", folder / "y.npy"], check=True, stdout=subprocess.DEVNULL)
    return torch.from_numpy(numpy.load(folder / "y.npy"))


def compare(name, folder):
    model = official(name)
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    tensors = {key: value for key, value in state.items() if value.is_floating_point()}
    # Other than square, so that a mistaken axis shows; below 224 timm's VGG resizes the map before its head.
    image = torch.rand(1, 3, 224, 288, generator=torch.Generator().manual_seed(1)) * 4 - 2
    with torch.no_grad():
        wanted = model(image)
    found = archc_logits(name, state, image, folder)
    error = ((found - wanted).abs().max() / wanted.std()).item()
    print(f"['{name}', {len(tensors)}, '{fingerprint(tensors)}'],  # logits differ by {error:.1e} of their std", flush=True)
    return error <= TOLERANCE


def main(names):
    with tempfile.TemporaryDirectory() as folder:
        # All of them, also when the first does not agree.
        agreed = [compare(name, pathlib.Path(folder)) for name in names]
    return 0 if all(agreed) else 1


sys.exit(main(sys.argv[1:] or sorted([*TIMM, *TORCHVISION])))
