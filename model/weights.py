"""How weights.bin names what PyTorch names otherwise, and the way back from an exported model."""
import torch
import reference
from net import TABLES


def layout(arch):
    """Name in weights.bin, name in the tagger or (link.) in the linker, type of number."""
    for i in range(len(TABLES)):
        yield f"table.{i}", f"emb.tables.{i}.weight", "f16"
    yield "in.w", "inp.weight", "f16"
    yield "in.b", "inp.bias", "f32"
    for i, l in enumerate(arch.split(",")):
        p = f"layers.{i}."
        yield f"{i}.norm.g", p + "norm.weight", "f32"
        yield f"{i}.norm.b", p + "norm.bias", "f32"
        for a, b in [("conv", "conv")] if l[0] == "c" else [("in", "inp"), ("out", "out")]:
            yield f"{i}.{a}.w", f"{p}{b}.weight", "f16"
            yield f"{i}.{a}.b", f"{p}{b}.bias", "f32"
    for a, b in (("norm.g", "norm.weight"), ("norm.b", "norm.bias"), ("out.b", "heads.out.bias"), ("trans", "heads.trans")):
        yield a, b, "f32"
    yield "out.w", "heads.out.weight", "f16"
    for t in (0, 1):
        for n in ("anchor", "cand", "none"):
            yield f"link.{t}.{n}.w", f"link.{n}.{t}.weight", "f16"
            yield f"link.{t}.{n}.b", f"link.{n}.{t}.bias", "f32"
    for i in range(5):
        yield f"link.feat.{i}", f"link.feat.{i}", "f32"


def states(folder):
    """Architecture, weights of the tagger and weights of the linker (its margin is in them) of an exported model."""
    head, W, _ = reference.load(folder)
    arch = ",".join(head["layers"])
    tagger, linker = {}, {}
    for name, torch_name, _ in layout(arch):
        x = torch.tensor(W[name].transpose(1, 2, 0) if ".conv.w" in name else W[name])
        (linker if torch_name.startswith("link.") else tagger)[torch_name.removeprefix("link.")] = x
    return arch, tagger, linker
