"""Dense auxiliary losses that let a small ViLT learn relations from scratch.

Ours. Half-way up, the picture's patch tokens must say which object types each patch shows; in the last layer but one,
which patches the question's subject and reference cover, and the tokens of the two nouns, where the centres of these
patches lie. The last layer then only has to compare two places. The linear heads do not ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, smooth_l1_loss


@dataclass(frozen=True)
class AuxiliaryWeights:
    """How much each auxiliary loss counts beside the relation loss.

    Attributes:
        types: on the types in each patch, a sum over types averaged over patches.
        roles: on subject and reference in each patch, averaged over both and over patches.
        places: on the nouns' places, averaged over both nouns and both axes.
        positive: of a patch that shows a thing against one that does not, in `types` and `roles`.
    """

    types: float = 0.25
    roles: float = 3.0
    places: float = 5.0
    positive: float = 5.0


@dataclass(frozen=True)
class DenseTruth:
    """What is where in the pictures of one batch.

    Attributes:
        types: (B, P, T) float32, 1 where a type shows in a patch.
        roles: (B, P, 2) float32, the same of the subject's and the reference's type.
        nouns: (B, 2) int64, which text tokens name subject and reference.
    """

    types: Tensor
    roles: Tensor
    nouns: Tensor


class AuxiliaryLoss(nn.Module):
    """The heads and their weighted losses.

    Args:
        hidden: width of the model.
        coverage: (P, T), the numbers of patches and types.
        weights: of the losses.
        seed: of the heads' first weights.
    """

    def __init__(self, hidden: int, coverage: Sequence[int], weights: AuxiliaryWeights, seed: int) -> None:
        super().__init__()
        self._patches, self._num_types = coverage
        self._weights = weights
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.types = nn.Linear(hidden, self._num_types)
            self.roles = nn.Linear(hidden, 2)
            self.places = nn.Linear(hidden, 2)
        self.register_buffer("_positive", torch.tensor(weights.positive))
        self.register_buffer("_centres", _patch_centres(self._patches))

    def forward(self, layers: Sequence[Tensor], truth: DenseTruth) -> Tensor:
        """Weighted sum of the losses.

        Args:
            layers: each layer's output, (B, L + 1 + P, hidden), as `ViltStudent.forward_with_layers` returns it.
            truth: what is where.
        """
        middle, late = layers[len(layers) // 2 - 1].float(), layers[-2].float()
        weights = self._weights
        types = self._patch_loss(self.types(middle[:, -self._patches :]), truth.types) * self._num_types
        roles = self._patch_loss(self.roles(late[:, -self._patches :]), truth.roles)
        places = self._place_loss(late, truth)
        return weights.types * types + weights.roles * roles + weights.places * places

    def _patch_loss(self, logits: Tensor, truth: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(logits, truth, pos_weight=self.get_buffer("_positive"))

    def _place_loss(self, tokens: Tensor, truth: DenseTruth) -> Tensor:
        nouns = tokens.gather(1, truth.nouns[..., None].expand(-1, -1, tokens.shape[2]))
        size = truth.roles.sum(1)[..., None]
        centres = torch.einsum("bpr,pk->brk", truth.roles, self.get_buffer("_centres")) / size.clamp(min=1)
        # a thing too small for any patch has no place to learn
        return smooth_l1_loss(self.places(nouns) * (size > 0), centres, beta=0.1)


def _patch_centres(patches: int) -> Tensor:
    """(P, 2) row and column of each patch, -1..1 from the first to the last."""
    line = torch.linspace(-1, 1, round(patches**0.5))
    return torch.stack(torch.meshgrid(line, line, indexing="ij"), dim=-1).reshape(patches, 2)
