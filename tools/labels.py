#!/usr/bin/env python3
"""Writes specs/labels/imagenet1k.json from the lists of synsets in a wheel of timm.

    pip download timm==1.0.31 --no-deps -d wheels
    python3 tools/labels.py wheels/timm-1.0.31-py3-none-any.whl > specs/labels/imagenet1k.json

A label is the first lemma that WordNet gives a class, or, where two classes begin alike, what the table below says.
"""

import json
import sys
import zipfile
from collections import Counter

FOLDER = "timm/data/_info/"

# Pairs of classes whose first lemma is the same word.
DISTINCT = {
    "n02012849": "crane (bird)",
    "n03126707": "crane (machine)",
    "n03710637": "maillot (tights)",
    "n03710721": "maillot (swimsuit)",
    "n02113186": "Cardigan Welsh corgi",
    "n02963159": "cardigan",
}


def read_wheel(path):
    with zipfile.ZipFile(path) as wheel:
        synsets = wheel.read(FOLDER + "imagenet_synsets.txt").decode().split()
        lines = wheel.read(FOLDER + "imagenet_synset_to_lemma.txt").decode().splitlines()
    return synsets, dict(line.split("\t", 1) for line in lines)


def labels_of(synsets, lemmas):
    labels = [DISTINCT.get(synset) or lemmas[synset].split(",")[0].strip() for synset in synsets]
    repeated = [label for label, count in Counter(label.lower() for label in labels).items() if count > 1]
    if len(labels) != 1000 or repeated:
        sys.exit(f"{len(labels)} labels, of which these are ambiguous: {repeated}")
    return labels


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(labels_of(*read_wheel(sys.argv[1])), indent=0, ensure_ascii=False))
