"""What the fast route knows of a network: its blocks and its head, read off an `nn.Sequential`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.shift_norm import ShiftNorm

KERNEL = 3


@dataclass(frozen=True)
class Block:
    """3x3 convolution, optional batch-statistics normalisation, ReLU, optional 2x2 max-pool."""

    weight: str
    shift: str
    """Name of the normalisation's bias, or of the convolution's where there is none."""
    scale: str | None
    """Name of the normalisation's weight; ``None`` without one, or without normalisation."""
    normed: bool
    stride: int
    padding: int
    pool: int
    eps: float


@dataclass(frozen=True)
class ConvNet:
    blocks: tuple[Block, ...]
    spatial_mean: bool
    """Features are the mean over the map; otherwise the flattened map."""
    head: str
    head_bias: str
    idle: tuple[str, ...]
    """Convolution biases before a normalisation, which subtracts them: their gradient is zero."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter that the outputs depend on."""
        blocks = [n for b in self.blocks for n in (b.weight, b.scale, b.shift) if n]
        return (*blocks, self.head, self.head_bias)


def read(model: nn.Module) -> ConvNet | None:
    """The network's description, or ``None`` for what this route does not compute."""
    named = dict(model.named_parameters())
    every = list(model.named_parameters(remove_duplicate=False))
    if len(every) != len(named) or not all(p.requires_grad for p in named.values()):
        return None
    if type(model) is not nn.Sequential or any(True for _ in model.buffers()):
        return None
    layers = list(_flat(model))
    blocks, idle = [], []
    while layers and isinstance(layers[0][1], nn.Conv2d):
        size, block = _read_block(layers)
        if block is None:
            return None
        if block.normed and layers[0][1].bias is not None:
            idle.append(f"{layers[0][0]}.bias")
        blocks.append(block)
        del layers[:size]
    means, rest = _read_features(layers)
    if not blocks or means is None or len(rest) != 1 or type(rest[0][1]) is not nn.Linear:
        return None
    name, head = rest[0]
    if head.bias is None:
        return None
    return ConvNet(tuple(blocks), means, f"{name}.weight", f"{name}.bias", tuple(idle))


def _flat(module: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Module]]:
    for name, child in module.named_children():
        if type(child) is nn.Sequential:
            yield from _flat(child, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", child


def _read_block(layers: list[tuple[str, nn.Module]]) -> tuple[int, Block | None]:
    """The block at the front of the list, and how many layers it takes."""
    rest = iter(layers)
    name, conv = next(rest)
    end = ("", nn.Identity())
    assert isinstance(conv, nn.Conv2d)
    follower_name, follower = next(rest, end)
    size = 2
    scale, shift, eps = None, f"{name}.bias", 0.0
    normed = isinstance(follower, (nn.BatchNorm2d, ShiftNorm))
    if isinstance(follower, (nn.BatchNorm2d, ShiftNorm)):
        if follower.track_running_stats or follower.bias is None:
            return size, None
        scale = None if follower.weight is None else f"{follower_name}.weight"
        shift, eps = f"{follower_name}.bias", follower.eps
        _, follower = next(rest, end)
        size += 1
    if not _plain(conv) or type(follower) is not nn.ReLU or (not normed and conv.bias is None):
        return size, None
    _, last = next(rest, end)
    pool = 1
    if isinstance(last, nn.MaxPool2d):
        if not _halves(last):
            return size, None
        pool, size = 2, size + 1
    stride, padding = int(conv.stride[0]), int(conv.padding[0])
    return size, Block(f"{name}.weight", shift, scale, normed, stride, padding, pool, eps)


def _plain(conv: nn.Conv2d) -> bool:
    """A square 3x3 convolution without groups, dilation or unusual padding."""
    square = all(a == b for a, b in (conv.stride, conv.kernel_size, conv.dilation))
    zeros = conv.padding_mode == "zeros" and conv.padding in {(0, 0), (1, 1)}
    simple = conv.kernel_size[0] == KERNEL and conv.dilation[0] == 1 and conv.groups == 1
    return type(conv) is nn.Conv2d and square and zeros and simple


def _halves(pool: nn.MaxPool2d) -> bool:
    twos = all(value in {2, (2, 2)} for value in (pool.kernel_size, pool.stride))
    return (
        twos
        and pool.padding in {0, (0, 0)}
        and pool.dilation in {1, (1, 1)}
        and not pool.ceil_mode
        and not pool.return_indices
    )


def _read_features(
    layers: list[tuple[str, nn.Module]],
) -> tuple[bool | None, list[tuple[str, nn.Module]]]:
    """Whether the map is averaged (True) or flattened (False), and the layers that follow."""
    kinds = [type(layer) for _, layer in layers]
    front = layers[0][1] if layers else None
    if isinstance(front, nn.Flatten) and front.start_dim == 1 and front.end_dim == -1:
        return False, layers[1:]
    if kinds[:2] == [nn.AdaptiveAvgPool2d, nn.Flatten] and layers[0][1].output_size in {1, (1, 1)}:
        return True, layers[2:]
    if layers and _averages(layers[0][1]):
        return True, layers[1:]
    return None, layers


def _averages(module: nn.Module) -> bool:
    """Ask a module without weights or children: is it the mean over the map, whatever the map?"""
    if any(True for _ in itertools.chain(module.children(), module.parameters())):
        return False
    draws = torch.Generator().manual_seed(0)
    shapes = ((2, 3, 4, 4), (3, 5, 2, 3), (1, 2, 1, 1))
    try:
        return all(_same_mean(module, size, draws) for size in shapes)
    except (RuntimeError, TypeError, ValueError, AttributeError):
        return False


def _same_mean(module: nn.Module, size: tuple[int, ...], draws: torch.Generator) -> bool:
    x = 100 * torch.randn(size, generator=draws)
    with torch.no_grad():
        answer = module(x)
    return isinstance(answer, Tensor) and torch.equal(answer, x.mean((-2, -1)))
