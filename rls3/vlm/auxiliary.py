"""Dense auxiliary losses that let a small model learn relations from scratch.

Ours. A model that reads the question beside the picture (`QuestionLoss`) must half-way up say of each patch which
object types it shows; in the last layer but one, which patches the question's subject and reference cover, and from the
tokens of the two nouns, where the centres of these patches lie. The last layer then only has to compare two places.

A model that embeds the picture alone (`PictureLoss`) must half-way up say the same of each patch, and of the whole
picture's embedding a linear reading must tell which types show and where, and, as a difference of two types' codes, how
they lie to each other. The heads do not ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, normalize, smooth_l1_loss

from rls3.scene.edit import TERMS

AXES = (("left", "right"), ("front", "behind"), ("above", "below"))
"""The terms of each direction and of its opposite."""


@dataclass(frozen=True)
class QuestionWeights:
    """How much each loss of `QuestionLoss` counts beside the relation loss.

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
class PictureWeights:
    """How much each loss of `PictureLoss` counts beside the contrastive loss.

    Attributes:
        types: on the types in each patch, a sum over types averaged over patches.
        shown: on which types the picture shows, a sum over types.
        places: on the places of the types it shows, averaged over them and both axes.
        pairs: on the terms of pairs of types, a sum over terms.
        captions: on the angle between a caption's embedding and the one that its types' codes make of its terms.
        positive: of a patch that shows a thing against one that does not, in `types`.
    """

    types: float = 1.0
    shown: float = 0.05
    places: float = 5.0
    pairs: float = 3.0
    captions: float = 3.0
    positive: float = 5.0


@dataclass(frozen=True)
class QuestionTruth:
    """What is where in the pictures of one batch of questions.

    Attributes:
        types: (B, P, T) float32, 1 where a type shows in a patch.
        roles: (B, P, 2) float32, the same of the subject's and the reference's type.
    """

    types: Tensor
    roles: Tensor


class QuestionLoss(nn.Module):
    """Heads on the layers of a model that reads the question beside the picture, and their weighted losses.

    Args:
        hidden: width of the model.
        coverage: (P, T), the numbers of patches and types.
        weights: of the losses.
        seed: of the heads' first weights.
    """

    def __init__(self, hidden: int, coverage: Sequence[int], weights: QuestionWeights, seed: int) -> None:
        super().__init__()
        patches, self._num_types = coverage
        self._weights = weights
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.types = nn.Linear(hidden, self._num_types)
            self.roles = nn.Linear(hidden, 2)
            self.places = nn.Linear(hidden, 2)
        self.register_buffer("_centres", _patch_centres(patches))

    def forward(self, middle: Tensor, late: Tensor, nouns: Tensor, truth: QuestionTruth) -> Tensor:
        """Weighted sum of the losses.

        Args:
            middle, late: (B, P, hidden), the patches' tokens half-way up and in the last layer but one.
            nouns: (B, 2, hidden), the tokens of subject and reference in the last layer but one.
            truth: what is where.
        """
        weights = self._weights
        types = _patch_loss(self.types(middle), truth.types, weights.positive) * self._num_types
        roles = _patch_loss(self.roles(late), truth.roles, weights.positive)
        sizes, centres = _places(truth.roles, self.get_buffer("_centres"))
        # a thing too small for any patch has no place to learn
        places = smooth_l1_loss(self.places(nouns) * (sizes > 0)[..., None], centres, beta=0.1)
        return weights.types * types + weights.roles * roles + weights.places * places


@dataclass(frozen=True)
class Pairs:
    """M pairs of types in the pictures of one batch, and how they lie to each other.

    Attributes:
        picture: (M,) int64, index of the picture.
        subject, reference: (M,) int64, the two types.
        terms: (M, 6) float32, 1 where the subject lies so relative to the reference.
    """

    picture: Tensor
    subject: Tensor
    reference: Tensor
    terms: Tensor


class PictureLoss(nn.Module):
    """Heads on a tower that embeds pictures alone, and their weighted losses.

    Every type has a code per axis, of the width of the embedding. That one type lies farther left than another is read
    as the product of the picture's embedding with the difference of their codes; so the codes say what the embedding
    of the caption should be, and the text tower is drawn there.

    Args:
        hidden: width of the tower.
        embedded: width of the embedding.
        coverage: (P, T), the numbers of patches and types.
        weights: of the losses.
        seed: of the heads' first weights.
    """

    def __init__(self, hidden: int, embedded: int, coverage: Sequence[int], weights: PictureWeights, seed: int) -> None:
        super().__init__()
        patches, self._num_types = coverage
        self._weights = weights
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.types = nn.Linear(hidden, self._num_types)
            self.shown = nn.Linear(embedded, self._num_types)
            self.places = nn.Linear(embedded, 2 * self._num_types)
            self.codes = nn.Parameter(torch.randn(self._num_types, len(AXES), embedded))
            self.threshold = nn.Parameter(torch.ones(len(AXES)))
        self.register_buffer("_centres", _patch_centres(patches))
        signs = [[float(term == low) - float(term == high) for term in TERMS] for low, high in AXES]
        self.register_buffer("_signs", torch.tensor(signs))

    def forward(self, middle: Tensor, embeddings: Tensor, types: Tensor, pairs: Pairs) -> Tensor:
        """Weighted sum of the losses on pictures.

        Args:
            middle: (B, P, hidden), the patches' tokens half-way up.
            embeddings: (B, embedded), of the pictures.
            types: (B, P, T) float32, 1 where a type shows in a patch.
            pairs: the relations to learn.
        """
        weights, unit = self._weights, normalize(embeddings, dim=-1)
        in_patches = _patch_loss(self.types(middle), types, weights.positive) * self._num_types
        sizes, centres = _places(types, self.get_buffer("_centres"))
        here = sizes > 0
        scaled = unit * embeddings.shape[1] ** 0.5
        shown = binary_cross_entropy_with_logits(self.shown(scaled), here.float()) * self._num_types
        guessed = self.places(scaled).unflatten(1, (self._num_types, 2))
        places = smooth_l1_loss(guessed[here], centres[here], beta=0.1)
        sought = self._sought(pairs.subject, pairs.reference)
        along = torch.einsum("mad,md->ma", sought, unit[pairs.picture])
        signs = self.get_buffer("_signs")
        logits = along @ signs - self.threshold @ signs.abs()
        related = binary_cross_entropy_with_logits(logits, pairs.terms) * len(TERMS)
        return weights.types * in_patches + weights.shown * shown + weights.places * places + weights.pairs * related

    def caption_loss(self, embeddings: Tensor, subject: Tensor, reference: Tensor, terms: Tensor) -> Tensor:
        """How far captions' embeddings (N, embedded) point from what their types' codes make of their terms (N, 6)."""
        along = terms @ self.get_buffer("_signs").T
        wanted = torch.einsum("na,nad->nd", along, self._sought(subject, reference)).detach()
        return self._weights.captions * (1 - nn.functional.cosine_similarity(embeddings, wanted)).mean()

    def _sought(self, subject: Tensor, reference: Tensor) -> Tensor:
        """(M, axes, embedded) differences of the codes."""
        return self.codes[subject] - self.codes[reference]


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
