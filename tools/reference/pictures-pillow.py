#!/usr/bin/env python3
"""Writes pictures-pillow.json: small PNG and JPEG files of every kind, and what Pillow's convert('RGB') and convert('L') make of them.

    pip install pillow==13.0.0 numpy
    python3 tools/reference/pictures-pillow.py test/host/fixtures

Pillow writes no PNG of 16 bits a colour, none that is interlaced and no JPEG without Adobe's marker, so this script writes
PNGs by itself and edits the markers of JPEGs.
"""

import base64
import io
import json
import struct
import sys
import zlib
from pathlib import Path

import PIL
import numpy as np
from PIL import Image, ImageCms

WIDTH, HEIGHT = 21, 14
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
# Where each of the seven passes of an interlaced PNG starts, and its steps: y, x, dy, dx.
ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]

random = np.random.default_rng(11)


def samples(channels, depth):
    """Noise over a slope, so that every value of few bits comes, and both bytes of many differ."""
    top = 2**depth
    slope = np.linspace(0, top - 1, WIDTH * channels).reshape(1, WIDTH, channels)
    noise = random.integers(0, top, (HEIGHT, WIDTH, channels))
    return np.where(random.random((HEIGHT, WIDTH, channels)) < 0.5, slope, noise).astype(np.int64)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scan_lines(values, depth):
    lines = []
    for row in values.reshape(values.shape[0], -1):
        if depth == 16:
            packed = row.astype(">u2").tobytes()
        else:
            bits = (row[:, None] >> np.arange(depth - 1, -1, -1)) & 1
            packed = np.packbits(bits.astype(np.uint8).ravel()).tobytes()
        lines.append(b"\0" + packed)
    return b"".join(lines)


def png(kind, depth, extra=b"", interlaced=False, values=None):
    values = samples(CHANNELS[kind], depth) if values is None else values
    height, width, _ = values.shape
    passes = [values[y::dy, x::dx] for y, x, dy, dx in ADAM7] if interlaced else [values]
    lines = b"".join(scan_lines(part, depth) for part in passes if part.size > 0)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    data = chunk(b"IDAT", zlib.compress(lines, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + data + chunk(b"IEND", b"")


def colours(count):
    return chunk(b"PLTE", random.integers(0, 256, count * 3).astype(np.uint8).tobytes())


def alphas(count):
    return chunk(b"tRNS", random.integers(0, 256, count).astype(np.uint8).tobytes())


def profile(name="sRGB"):
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()
    # Without the date, so that the same file comes out every day.
    return data[:24] + bytes(12) + data[36:]


def pngs():
    for depth in (1, 2, 4, 8, 16):
        yield f"grey-{depth}", png(GREY, depth)
        yield f"grey-{depth}-interlaced", png(GREY, depth, interlaced=True)
        yield f"grey-{depth}-transparent", png(GREY, depth, chunk(b"tRNS", struct.pack(">H", 1)))
    for depth in (1, 2, 4, 8):
        yield f"palette-{depth}", png(PALETTE, depth, colours(2**depth))
        yield f"palette-{depth}-alpha", png(PALETTE, depth, colours(2**depth) + alphas(2**depth))
    few = samples(1, 8) % 5
    yield "palette-8-few-alpha", png(PALETTE, 8, colours(5) + alphas(3), values=few)
    yield "palette-8-interlaced", png(PALETTE, 8, colours(256), interlaced=True)
    for depth in (8, 16):
        yield f"grey-alpha-{depth}", png(GREY_ALPHA, depth)
        yield f"rgb-{depth}", png(RGB, depth)
        yield f"rgb-{depth}-interlaced", png(RGB, depth, interlaced=True)
        yield f"rgb-{depth}-transparent", png(RGB, depth, chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)))
        yield f"rgba-{depth}", png(RGBA, depth)
    yield "rgb-8-gamma", png(RGB, 8, chunk(b"gAMA", struct.pack(">I", 100_000)))
    icc = chunk(b"iCCP", b"x\0\0" + zlib.compress(profile("XYZ")))
    yield "rgb-8-profile", png(RGB, 8, icc)
    yield "grey-16-low", png(GREY, 16, values=samples(1, 8))


def jpeg(mode, **options):
    channels = len(mode) if mode != "L" else 1
    values = samples(channels, 8).astype(np.uint8)
    image = Image.fromarray(values[:, :, 0] if channels == 1 else values, mode)
    out = io.BytesIO()
    image.save(out, "JPEG", **{"quality": 90, **options})
    return out.getvalue()


def segments(data):
    """The marker segments before the first scan, then the rest."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append(data[at : at + length])
        at += length
    return found, data[at:]


ADOBE = 0xEE


def with_adobe(data, transform):
    """The same file whose marker of Adobe says another transform, or without one."""
    found, rest = segments(data)
    others = [one for one in found if one[1] not in (ADOBE, 0xE0)]
    marker = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform or 0])
    return b"\xff\xd8" + b"".join([*([] if transform is None else [marker]), *others]) + rest


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def jpegs():
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"ycc-{name}", jpeg("RGB", subsampling=sampling)
        yield f"cmyk-{name}", jpeg("CMYK", subsampling=sampling)
    yield "grey", jpeg("L")
    yield "ycc-progressive", jpeg("RGB", progressive=True)
    yield "cmyk-progressive", jpeg("CMYK", progressive=True)
    yield "ycc-profile", jpeg("RGB", icc_profile=profile("LAB"))
    yield "rgb-adobe", with_adobe(jpeg("RGB", subsampling=0, keep_rgb=True), 0)
    yield "rgb-plain", with_adobe(jpeg("RGB", subsampling=0, keep_rgb=True), None)
    yield "ycc-adobe", with_adobe(jpeg("RGB", subsampling=0), 1)
    yield "ycc-plain", with_adobe(jpeg("RGB", subsampling=0), None)
    yield "cmyk-plain", with_adobe(jpeg("CMYK"), None)
    yield "ycck", with_adobe(jpeg("CMYK", subsampling=0), 2)
    yield "cmyk-profile", jpeg("CMYK", icc_profile=cmyk_profile())
    yield "ycck-profile", with_adobe(jpeg("CMYK", icc_profile=cmyk_profile()), 2)
    yield "cmyk-plain-profile", with_adobe(jpeg("CMYK", icc_profile=cmyk_profile()), None)
    yield "cmyk-profile-of-rgb", jpeg("CMYK", icc_profile=profile("sRGB"))
    for orientation in range(1, 9):
        yield f"turned-{orientation}", jpeg("RGB", exif=exif(orientation))
    yield "cmyk-turned-6", jpeg("CMYK", exif=exif(6))


def cmyk_profile():
    """A profile for CMYK whose one table makes every ink mixture green: whoever applies it is seen to."""
    lut = struct.pack(">4sIBBBB", b"mft1", 0, 4, 3, 2, 0)
    lut += struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    lut += bytes(range(256)) * 4 + bytes([150, 40, 200]) * 16 + bytes(range(256)) * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78)
    mark = b"text\0\0\0\0none\0\0\0\0"
    tags = [(b"desc", text), (b"cprt", mark), (b"wtpt", white), (b"A2B0", lut)]
    at, table, body = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"prtr", b"CMYK", b"Lab ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body


def coded(data):
    return base64.b64encode(data).decode()


def case(name, data):
    image = Image.open(io.BytesIO(data))
    both = {mode: coded(image.convert(mode).tobytes()) for mode in ("RGB", "L")}
    size = [image.height, image.width]
    return {"name": name, "mode": image.mode, "size": size, "file": coded(data), "rgb": both["RGB"], "grey": both["L"]}


def main(folder):
    cases = [case(f"png-{name}", data) for name, data in pngs()]
    cases += [case(f"jpeg-{name}", data) for name, data in jpegs()]
    made_with = {"pillow": PIL.__version__, "numpy": np.__version__}
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    text = f'{{"made_with": {json.dumps(made_with)},\n"cases": [\n{lines}\n]}}\n'
    (folder / "pictures-pillow.json").write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
