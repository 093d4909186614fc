"""Dense auxiliary losses that let a small model learn relations from scratch.

Ours. Half-way up a model must say of each patch which object types it shows; in the last layer but one, which patches
the question's subject and reference cover; and one that reads the question beside the picture also, from the tokens of
the two nouns, where the centres of these patches lie. The last layer then only has to compare two places. The heads do
not ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, smooth_l1_loss


@dataclass(frozen=True)
class MaskWeights:
    """How much each loss of `MaskLoss` counts beside the relation loss.

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
class MaskTruth:
    """What is where in the pictures of one batch of questions.

    Attributes:
        types: (B, P, T) float32, 1 where a type shows in a patch.
        roles: (B, P, 2) float32, the same of the subject's and the reference's type.
    """

    types: Tensor
    roles: Tensor


class MaskLoss(nn.Module):
    """Heads on the layers of a model, and their weighted losses.

    Args:
        hidden: width of the model.
        coverage: (P, T), the numbers of patches and types.
        weights: of the losses.
        seed: of the heads' first weights.
    """

    def __init__(self, hidden: int, coverage: Sequence[int], weights: MaskWeights, seed: int) -> None:
        super().__init__()
        patches, self._num_types = coverage
        self._weights = weights
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.types = nn.Linear(hidden, self._num_types)
            self.roles = nn.Linear(hidden, 2)
            self.places = nn.Linear(hidden, 2)
        self.register_buffer("_centres", _patch_centres(patches))

    def forward(self, middle: Tensor, late: Tensor, truth: MaskTruth, nouns: Tensor | None = None) -> Tensor:
        """Weighted sum of the losses.

        Args:
            middle, late: (B, P, hidden), the patches' tokens half-way up and in the last layer but one.
            truth: what is where.
            nouns: (B, 2, hidden), the tokens of subject and reference in the last layer but one; None where the text
                is read apart from the picture.
        """
        weights = self._weights
        types = _patch_loss(self.types(middle), truth.types, weights.positive) * self._num_types
        roles = _patch_loss(self.roles(late), truth.roles, weights.positive)
        loss = weights.types * types + weights.roles * roles
        if nouns is not None:
            sizes, centres = _places(truth.roles, self.get_buffer("_centres"))
            # a thing too small for any patch has no place to learn
            loss = loss + weights.places * smooth_l1_loss(
                self.places(nouns) * (sizes > 0)[..., None], centres, beta=0.1
            )
        return loss


def _patch_loss(logits: Tensor, truth: Tensor, positive: float) -> Tensor:
    return binary_cross_entropy_with_logits(logits.float(), truth, pos_weight=torch.tensor(positive))


def _places(shown: Tensor, centres: Tensor) -> tuple[Tensor, Tensor]:
    """Of K things shown in patches (B, P, K): in how many patches each (B, K), and their mean place (B, K, 2)."""
    sizes = shown.sum(1)
    return sizes, torch.einsum("bpk,pc->bkc", shown, centres) / sizes.clamp(min=1)[..., None]


def _patch_centres(patches: int) -> Tensor:
    """(P, 2) row and column of each patch, -1..1 from the first to the last."""
    line = torch.linspace(-1, 1, round(patches**0.5))
    return torch.stack(torch.meshgrid(line, line, indexing="ij"), dim=-1).reshape(patches, 2)
