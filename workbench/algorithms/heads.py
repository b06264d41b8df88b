"""Heads of joint training: over all classes while training, over those of a task afterwards."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.core.algorithm import Weights

HEAD = "joint."
"""What the names of a head's weights begin with."""


class Joint(nn.Module):
    """Features, and a head over all classes of meta-training."""

    def __init__(self, features: nn.Module, joint: nn.Module) -> None:
        super().__init__()
        self.features = features
        self.joint = joint

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.joint(self.features(x))
        return outputs


class CosineHead(nn.Module):
    """Cosine similarity to a direction for each class, times its learned norm and a scale."""

    def __init__(self, inputs: int, outputs: int, scale: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(nn.Linear(inputs, outputs).weight.detach())
        self.norm = nn.Parameter(self.weight.detach().norm(dim=1))
        self.scale = nn.Parameter(torch.tensor(scale), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return cosine(x, self.weight, self.norm, self.scale)


def cosine(x: Tensor, weight: Tensor, norm: Tensor, scale: Tensor) -> Tensor:
    similar = F.linear(F.normalize(x, dim=-1), F.normalize(weight, dim=-1))
    return scale * norm * similar


def headed(weights: Weights, features: Tensor) -> Tensor:
    """What a head of either kind says of features ``[n, e]``."""
    head = _own(weights)
    if "norm" in head:
        return cosine(features, head["weight"], head["norm"], head["scale"])
    return F.linear(features, head["weight"], head["bias"])


def class_mean_head(features: Tensor, labels: Tensor) -> Weights:
    """The linear head whose logits are the negative squared distances to the class means."""
    means = torch.stack([features[labels == way].mean(0) for way in range(int(labels.max()) + 1)])
    return {HEAD + "weight": 2 * means, HEAD + "bias": -means.square().sum(1)}


def head_of(weights: Weights) -> nn.Module:
    """The head of either kind that these weights are of, as a module."""
    own = _own(weights)
    outputs, inputs = own["weight"].shape
    head = CosineHead(inputs, outputs, 1.0) if "norm" in own else nn.Linear(inputs, outputs)
    head.to(own["weight"].dtype).load_state_dict(own)
    return head


def _own(weights: Weights) -> Weights:
    """The weights of the head, by their names in it."""
    return {name.removeprefix(HEAD): w for name, w in weights.items() if name.startswith(HEAD)}
