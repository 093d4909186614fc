"""Pretraining a ViLT: its own question-answering loss on the six terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from rls3.scene.edit import TERMS
from rls3.scene.naming import noun
from rls3.vlm.auxiliary import MaskLoss, MaskTruth, MaskWeights
from rls3.vlm.pretrain import PretrainRecipe, Pupil
from rls3.vlm.pretrain_data import Drawn, PretrainData
from rls3.vlm.vilt import ViltStudent, new_vilt


@dataclass(frozen=True)
class ViltRecipe(PretrainRecipe):
    """A ViLT; `rls3-vilt-base` by default.

    Attributes:
        auxiliary: weights of the auxiliary losses.
    """

    auxiliary: MaskWeights = field(default_factory=MaskWeights)
    task: ClassVar[str] = "visual-question-answering"
    description: ClassVar[str] = (
        "A small ViLT that answers where one object is relative to another, seen from the camera. Its six labels are\n"
        f"the terms {', '.join(TERMS)}; an option's score is the log-likelihood of exactly its terms."
    )
    weakness: ClassVar[str] = "It answers with its six terms alone and cannot read other options."

    def pupil(self, data: PretrainData, seed: int) -> Pupil:
        """See `PretrainRecipe`."""
        return ViltPupil(data, self, seed)


class ViltPupil:
    """A ViLT in training.

    Args:
        data: what it will see.
        recipe: its shape and losses.
        seed: of all weights.
    """

    def __init__(self, data: PretrainData, recipe: ViltRecipe, seed: int) -> None:
        self.student = new_vilt(
            image_size=data.images.shape[1], patch_size=recipe.patch, hidden=recipe.hidden, layers=recipe.layers,
            heads=recipe.heads, seed=seed,
        )  # fmt: skip
        self.heads = MaskLoss(recipe.hidden, data.coverage.shape[1:], recipe.auxiliary, seed)
        self._data, self._bfloat16 = data, recipe.bfloat16
        texts, first, self._text_row = np.unique(np.array(data.question), return_index=True, return_inverse=True)
        self._encoded = self.student.encode_questions(texts.tolist())
        self._nouns = _noun_tokens(self.student, data, self._encoded["input_ids"], first)

    def losses(self, drawn: Drawn) -> tuple[Tensor, Tensor]:
        """The relation loss and the weighted auxiliary losses of a batch, two scalars."""
        text = torch.from_numpy(self._text_row[drawn.rows])
        batch = {name: table[text] for name, table in self._encoded.items()}
        batch["pixel_values"] = self.student.normalize(torch.from_numpy(drawn.images))
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            logits, layers = self.student.forward_with_layers(batch)
        labels = torch.from_numpy(drawn.terms.astype(np.float32))
        loss = binary_cross_entropy_with_logits(logits.float(), labels) * len(TERMS)
        patches = drawn.coverage.shape[1]
        middle, late = layers[len(layers) // 2 - 1].float(), layers[-2].float()
        nouns = late.gather(1, self._nouns[text][..., None].expand(-1, -1, late.shape[2]))
        truth = MaskTruth(torch.from_numpy(drawn.coverage).float(), torch.from_numpy(drawn.roles(self._data)).float())
        return loss, self.heads(middle[:, -patches:], late[:, -patches:], truth, nouns)


def _noun_tokens(student: ViltStudent, data: PretrainData, texts: Tensor, rows: NDArray[np.intp]) -> Tensor:
    """(U, 2) which token of each text (U, L) names the subject and which the reference; `rows[i]` asks text i."""
    names = student.encode_questions([noun(name) for name in data.types])["input_ids"][:, 1]  # behind [CLS]
    asked = np.stack([data.subject[rows], data.reference[rows]], axis=1)
    return (texts[:, None, :] == names[torch.from_numpy(asked)][..., None]).int().argmax(dim=2)
