"""Gradient and Hessian-vector product of a whole network on one task, without autograd.

The recursion of `block` from the first layer to the loss and back. The head is linear,
``l = f V^T + c``; its loss is the mean cross-entropy, or the mean squared error:

    dl = (softmax(l) - y) / n          dldot = p (ldot - sum p ldot) / n
    dl = 2 (l - y) / (n d)             dldot = 2 ldot / (n d)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.core.algorithm import Weights
from workbench.core.episode import Batch
from workbench.core.task import ProblemSpec
from workbench.engine.convnet import block, first
from workbench.engine.convnet.block import Affine, Pass
from workbench.engine.convnet.first import FirstPass, Patches
from workbench.engine.convnet.layers import Block, ConvNet


@dataclass
class Problem:
    """One set of one task, its input prepared once for all inner steps."""

    patches: Patches
    y: Tensor


@dataclass
class Outcome:
    """A forward pass, and what a gradient added to it."""

    weights: Weights
    first: FirstPass
    rest: list[Pass]
    features: Tensor
    outputs: Tensor
    loss: Tensor
    dl: Tensor | None = None


class Network:
    def __init__(self, net: ConvNet, spec: ProblemSpec) -> None:
        self.net = net
        self.spec = spec

    def prepare(self, batch: Batch) -> Problem:
        front = self.net.blocks[0]
        return Problem(first.cut(front, batch.x, normed=front.normed), batch.y)

    def forward(self, weights: Weights, problem: Problem) -> Outcome:
        blocks = self.net.blocks
        lead = first.forward(blocks[0], problem.patches, _affine(blocks[0], weights, 1.0))
        x, rest = lead.out, []
        for layer in blocks[1:]:
            rest.append(block.forward(layer, x, _affine(layer, weights, 1.0)))
            x = rest[-1].out
        features = self._features(x)
        outputs = F.linear(features, weights[self.net.head], weights[self.net.head_bias])
        loss = self.spec.objective.loss(outputs, problem.y)
        return Outcome(weights, lead, rest, features, outputs, loss)

    def gradient(self, seen: Outcome, problem: Problem, *, keep: bool) -> Weights:
        """The loss's gradient by name; ``keep`` what `product` needs, or reuse the memory."""
        seen.dl = self._loss_gradient(seen.outputs, problem.y)
        grads = {self.net.head: seen.dl.T @ seen.features, self.net.head_bias: seen.dl.sum(0)}
        delta = self._unfeatured(seen.dl @ seen.weights[self.net.head], self._last(seen))
        for layer, passed in zip(self.net.blocks[:0:-1], seen.rest[::-1], strict=True):
            delta, affine = block.backward(layer, passed, delta, keep=keep)
            _name(layer, affine, grads)
        _name(self.net.blocks[0], first.backward(self.net.blocks[0], seen.first, delta), grads)
        return grads

    def product(self, seen: Outcome, along: Weights) -> Weights:
        """The Hessian of the loss times ``along``, where `gradient` was taken with ``keep``."""
        assert seen.dl is not None
        head, blocks = self.net.head, self.net.blocks
        lead = first.forward_dot(blocks[0], seen.first, _affine(blocks[0], along, 0.0))
        x, moved = lead.out, []
        for layer, passed in zip(blocks[1:], seen.rest, strict=True):
            moved.append(block.forward_dot(layer, passed, x, _affine(layer, along, 0.0)))
            x = moved[-1].out
        fdot = self._features(x)
        ldot = F.linear(seen.features, along[head], along[self.net.head_bias])
        ldot += fdot @ seen.weights[head].T
        dldot = self._loss_curvature(seen.outputs, ldot)
        products = {
            head: dldot.T @ seen.features + seen.dl.T @ fdot,
            self.net.head_bias: dldot.sum(0),
        }
        into = dldot @ seen.weights[head] + seen.dl @ along[head]
        delta = self._unfeatured(into, self._last(seen))
        for layer, passed, tangent in zip(blocks[:0:-1], seen.rest[::-1], moved[::-1], strict=True):
            delta, affine = block.backward_dot(layer, passed, tangent, delta)
            _name(layer, affine, products)
        _name(blocks[0], first.backward_dot(blocks[0], seen.first, lead, delta), products)
        return products

    def _last(self, seen: Outcome) -> Tensor:
        return seen.rest[-1].out if seen.rest else seen.first.out

    def _features(self, x: Tensor) -> Tensor:
        if self.net.spatial_mean:
            return x.mean((1, 2))
        return x.permute(0, 3, 1, 2).flatten(1)

    def _unfeatured(self, into: Tensor, like: Tensor) -> Tensor:
        n, h, w, channels = like.shape
        if self.net.spatial_mean:
            return (into / (h * w)).view(n, 1, 1, channels).expand(n, h, w, channels).contiguous()
        return into.view(n, channels, h, w).permute(0, 2, 3, 1).contiguous()

    def _loss_gradient(self, outputs: Tensor, y: Tensor) -> Tensor:
        if not self.spec.labels:
            return 2 * (outputs - y) / outputs.numel()
        return (outputs.softmax(-1) - F.one_hot(y, outputs.shape[-1])) / len(y)

    def _loss_curvature(self, outputs: Tensor, ldot: Tensor) -> Tensor:
        if not self.spec.labels:
            return 2 * ldot / outputs.numel()
        p = outputs.softmax(-1)
        return p * (ldot - (p * ldot).sum(-1, keepdim=True)) / len(outputs)


def _affine(layer: Block, weights: Weights, unlearned: float) -> Affine:
    """``unlearned`` is the scale of a normalisation that has none: one, and along any way zero."""
    shift = weights[layer.shift].double().numpy()
    if layer.scale is not None:
        return Affine(weights[layer.weight], weights[layer.scale].double().numpy(), shift)
    fixed = np.full_like(shift, unlearned) if layer.normed else None
    return Affine(weights[layer.weight], fixed, shift)


def _name(layer: Block, affine: Affine, into: Weights) -> None:
    dtype = affine.weight.dtype
    into[layer.weight] = affine.weight
    into[layer.shift] = torch.from_numpy(affine.shift).to(dtype)
    if layer.scale is not None and affine.scale is not None:
        into[layer.scale] = torch.from_numpy(affine.scale).to(dtype)
