"""The policy network: all objects and pairs are read by the same weights, so what is learned of one holds for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from ray.rllib.core.columns import Columns
from ray.rllib.core.rl_module.apis.value_function_api import ValueFunctionAPI
from ray.rllib.core.rl_module.torch import TorchRLModule
from torch import Tensor, nn

from rls3.sampling.choices import NUM_PLACED
from rls3.sampling.observation import (
    CENTER,
    FULL_LOG_VOLUME,
    LOG_VOLUME,
    OBJECT_FEATURES,
    REFERENCE_FEATURES,
    SHARED_FEATURES,
    SIZE,
    SIZE_FEATURES,
)
from rls3.sampling.ppo.distribution import EditDistribution
from rls3.scene.edit import ASKED, NUM_VIEWS, PLACEMENTS, TERMS, implied
from rls3.scene.figure import SIZE_RATIOS, SIZES

_MASKED_OUT = -1e9
_UNIFORM_START = 0.01
PAIR_FEATURES = 9 + 2 * SIZE_FEATURES


class _Scorer(nn.Module):
    """Logits for each of several things, from what is known of each, added up."""

    def __init__(self, inputs: tuple[int, ...], hidden: int, num_logits: int = 1) -> None:
        super().__init__()
        self.join = nn.ModuleList(nn.Linear(size, hidden, bias=not place) for place, size in enumerate(inputs))
        self.score = nn.Linear(hidden, num_logits)
        nn.init.normal_(self.score.weight, std=_UNIFORM_START)
        nn.init.zeros_(self.score.bias)

    def forward(self, *known: Tensor) -> Tensor:
        """(..., num_logits) from inputs (..., size) that broadcast against each other."""
        joined = sum(layer(each) for layer, each in zip(self.join, known, strict=True))
        logits: Tensor = self.score(torch.tanh(joined))
        return logits


class EditModule(TorchRLModule, ValueFunctionAPI):  # type: ignore[misc]
    """Masked policy over the branches of an edit, and a value function on the same body.

    Objects are encoded by one network for subjects and one for references, averaged into a context together with the
    shared features. A subject is scored by itself; a reference together with the chosen subject and by how the two
    compare and what the VLM makes of such pairs (`pair_features`), so that "something large beside something small, as
    that is where it fails" can be said; which of a pair is asked about by the pair and by what the VLM makes of its
    size, one way round and the other; a placement by the pair, by which is asked about, and by the weakness and share
    of the term it leads to, so that "go where the VLM is weak" is learned once for all terms; a view by the reference
    and the placement; distance, turn and change by the pair. `model_config`: "max_subjects", "max_references", "hidden"
    (width). Observations are those of `rls3.sampling.observation.ObservationLayout`, actions are drawn by
    `EditDistribution`.
    """

    def setup(self) -> None:
        """Build the network; scores start small, so that the first policy is close to uniform."""
        self._num_subjects = int(self.model_config["max_subjects"])
        self._num_references = int(self.model_config["max_references"])
        hidden = int(self.model_config["hidden"])
        self.subject_body = nn.Sequential(nn.Linear(OBJECT_FEATURES, hidden), nn.Tanh())
        self.reference_body = nn.Sequential(nn.Linear(REFERENCE_FEATURES, hidden), nn.Tanh())
        self.term_body = nn.Sequential(nn.Linear(2, hidden), nn.Tanh())
        self.context = nn.Sequential(
            nn.Linear(2 * hidden + SHARED_FEATURES, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh()
        )
        pair = (hidden, hidden, hidden, PAIR_FEATURES)
        self.subject_head = _Scorer((hidden, hidden), hidden)
        self.reference_head = _Scorer(pair, hidden)
        self.asked_head = _Scorer((*pair, SIZE_FEATURES), hidden)
        self.placement_head = _Scorer(pair, hidden, len(ASKED) * len(PLACEMENTS))
        self.term_head = _Scorer((hidden, hidden), hidden)
        self.view_head = _Scorer((hidden, hidden), hidden, len(PLACEMENTS) * NUM_VIEWS)
        self.value_head = nn.Linear(hidden, 1)
        self.register_buffer("term_of_placement", _terms_of_placements(), persistent=False)
        self._branches = tuple(int(size) for size in self.action_space.nvec)
        self._sides = list(self._branches[NUM_PLACED:])
        self.side_head = _Scorer(pair, hidden, sum(self._sides))
        self.action_dist_cls = EditDistribution.get_partial_dist_cls(branches=self._branches)

    def _split(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, num_features) to subjects (B, S, ...), references (B, R, ...) and shared features (B, ...)."""
        sizes = [self._num_subjects * OBJECT_FEATURES, self._num_references * REFERENCE_FEATURES, SHARED_FEATURES]
        subjects, references, shared = torch.split(features.float(), sizes, dim=-1)
        return (
            subjects.reshape(-1, self._num_subjects, OBJECT_FEATURES),
            references.reshape(-1, self._num_references, REFERENCE_FEATURES),
            shared,
        )

    def _encode(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, num_features) to subjects (B, S, hidden), references (B, R, hidden) and context (B, hidden)."""
        subjects, references, shared = self._split(features)
        encoded_subjects, encoded_references = self.subject_body(subjects), self.reference_body(references)
        pooled = [_mean(encoded_subjects, subjects[..., 0]), _mean(encoded_references, references[..., 0])]
        return encoded_subjects, encoded_references, self.context(torch.cat([*pooled, shared], -1))

    def _logits(self, batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """Context (B, hidden) and the masked logits of `EditDistribution`."""
        features = batch[Columns.OBS]["features"]
        subjects, references, context = self._encode(features)
        plain_subjects, plain_references, shared = self._split(features)
        around = context[:, None]
        compared = pair_features(plain_subjects, plain_references, shared)
        pair = (subjects[:, :, None], references[:, None], context[:, None, None], compared)
        either = (each.unsqueeze(-2) for each in pair)
        by_size = torch.stack(torch.split(compared[..., -len(ASKED) * SIZE_FEATURES :], SIZE_FEATURES, -1), -2)
        placements = self.placement_head(*pair).unflatten(-1, (len(ASKED), len(PLACEMENTS)))
        terms = self.term_head(self.term_body(_term_features(shared)), around).squeeze(-1)
        views = self.view_head(references, around).unflatten(-1, (len(PLACEMENTS), NUM_VIEWS))
        tables = [
            self.subject_head(subjects, around).squeeze(-1),
            self.reference_head(*pair).squeeze(-1),
            self.asked_head(*either, by_size).squeeze(-1),
            placements + torch.einsum("bt,atp->bap", terms, self.term_of_placement)[:, None, None],
            views[:, None, :, None],
        ]
        sides = torch.split(self.side_head(*pair), self._sides, dim=-1)
        return context, self._masked(tables, sides, batch[Columns.OBS]["action_mask"] > 0)

    def _masked(self, chain: Sequence[Tensor], sides: Sequence[Tensor], mask: Tensor) -> Tensor:
        """The tables of logits in a row (B, ...), without the choices that no legal edit has."""
        pairs, (asked, placements, views, distances) = self._branches[:2], self._branches[2 : NUM_PLACED + 1]
        edits, shown = torch.split(mask, [math.prod(pairs) * size for size in (placements * views, distances)], dim=-1)
        legal = edits.reshape(-1, *pairs, 1, placements, views).expand(-1, -1, -1, asked, -1, -1)
        flat = [(sides[0] + _out(shown.reshape(-1, *pairs, distances))).flatten(1)]
        flat += [side.flatten(1) for side in sides[1:]]
        for table in reversed(chain):
            flat.insert(0, (table + _out(legal)).flatten(1))
            legal = legal.any(-1)
        return torch.cat(flat, -1)

    def _forward(self, batch: dict[str, Any], **_: Any) -> dict[str, Tensor]:
        return {Columns.ACTION_DIST_INPUTS: self._logits(batch)[1]}

    def _forward_train(self, batch: dict[str, Any], **_: Any) -> dict[str, Tensor]:
        context, logits = self._logits(batch)
        return {Columns.ACTION_DIST_INPUTS: logits, Columns.EMBEDDINGS: context}

    def compute_values(self, batch: dict[str, Any], embeddings: Tensor | None = None) -> Tensor:
        """(B,) expected return of each observation; `embeddings` is the context of `_forward_train`, if at hand."""
        context = self._encode(batch[Columns.OBS]["features"])[2] if embeddings is None else embeddings
        values: Tensor = self.value_head(context).squeeze(-1)
        return values


def pair_features(subjects: Tensor, references: Tensor, shared: Tensor) -> Tensor:
    """(B, S, R, PAIR_FEATURES) how each subject (B, S, ...) compares with each reference (B, R, ...).

    Difference of the logarithms of their volumes, as it is and without its sign; of their sizes along each axis; of
    their places along each axis; their distance; and what `shared` (B, SHARED_FEATURES) tells of such a size, as the
    subject is beside the reference and then the other way round: the order of `rls3.scene.edit.ASKED`.
    """
    mine, theirs = subjects[:, :, None], references[:, None]
    volume = mine[..., LOG_VOLUME, None] - theirs[..., LOG_VOLUME, None]
    size = mine[..., SIZE] - theirs[..., SIZE]
    offset = mine[..., CENTER] - theirs[..., CENTER]
    known = [_of_size(sign * volume.squeeze(-1), shared) for sign in (1, -1)]
    return torch.cat([volume, volume.abs(), size, offset, offset.norm(dim=-1, keepdim=True), *known], -1)


def _of_size(volume: Tensor, shared: Tensor) -> Tensor:
    """(B, S, R, SIZE_FEATURES) what is known of each pair's size, from its difference of volumes (B, S, R)."""
    ends = torch.tensor([math.log10(ratio) / FULL_LOG_VOLUME for ratio in SIZE_RATIOS], device=volume.device)
    sizes = shared[:, 2 * len(TERMS) :][:, : SIZE_FEATURES * len(SIZES)].reshape(-1, len(SIZES), SIZE_FEATURES)
    rows = torch.arange(len(volume), device=volume.device)[:, None, None]
    return sizes[rows, torch.bucketize(volume.contiguous(), ends, right=True)]


def _out(legal: Tensor) -> Tensor:
    """What takes the choices that are not legal out of the logits."""
    return (~legal).float() * _MASKED_OUT


def _terms_of_placements() -> Tensor:
    """(asked, terms, placements) 1 where a placement leads to a term."""
    return torch.tensor(
        [[[float(implied(placement, asked) == term) for placement in PLACEMENTS] for term in TERMS] for asked in ASKED]
    )


def _term_features(shared: Tensor) -> Tensor:
    """(B, SHARED_FEATURES) to (B, terms, 2): each term's weakness and share."""
    return shared[:, : 2 * len(TERMS)].reshape(-1, 2, len(TERMS)).transpose(1, 2)


def _mean(objects: Tensor, present: Tensor) -> Tensor:
    """Mean (B, hidden) of (B, N, hidden) over the slots where `present` (B, N) is 1; 0 where there is none."""
    return (objects * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True).clamp(min=1.0)
