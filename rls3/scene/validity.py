"""When a picture and its label may teach: decided from mask pixels and geometry, never from a simulator's claims."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from rls3.config import ValidityConfig
from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import uniquely_named
from rls3.scene.reasons import (
    AMBIGUOUS_RELATION,
    FLAWS,
    FLOATING,
    FOREIGN_FRAME,
    NAME_NOT_UNIQUE,
    OVERLAPPING,
    REASONS,
    reasons,
)
from rls3.scene.relations.direction import Relation
from rls3.scene.table import Table

__all__ = ["FLOATING", "OVERLAPPING", "REASONS", "askable_pairs", "invalid_reasons", "presentable"]

_FLOATS = 1 << FLAWS.index(FLOATING)


def invalid_reasons(
    scene: Scene, subject: SceneObject, reference: SceneObject, relation: Relation, thresholds: ValidityConfig
) -> tuple[str, ...]:
    """Every reason why the direction of a pair in this picture must not teach, in the order of `REASONS`; () = valid.

    Args:
        scene: what the picture shows, with masks if the picture has any.
        subject, reference: the pair.
        relation: the label.
        thresholds: `validity` section of the configuration.
    """
    table = Table(scene, thresholds)
    rows = table.index[subject.id], table.index[reference.id]
    others = {
        AMBIGUOUS_RELATION: relation.margin < thresholds.min_margin_deg,
        NAME_NOT_UNIQUE: not (uniquely_named(scene, subject) and uniquely_named(scene, reference)),
        OVERLAPPING: table.overlapping[rows],
        FOREIGN_FRAME: table.foreign,
    }
    first, second = table.flaws[list(rows)].tolist()
    return reasons(first, [second], [reason for reason, holds in others.items() if holds])


def presentable(scene: Scene, thresholds: ValidityConfig) -> tuple[SceneObject, ...]:
    """The objects that may be asked about at all: named unmistakably, near, and seen well enough."""
    unseen = Table(scene, thresholds).flaws & ~_FLOATS
    return tuple(
        thing for thing, flaw in zip(scene.objects, unseen, strict=True) if not flaw and uniquely_named(scene, thing)
    )


def askable_pairs(scene: Scene, thresholds: ValidityConfig) -> Iterator[tuple[SceneObject, SceneObject]]:
    """Ordered pairs of objects that the picture shows well, each under a name of its own; none without masks."""
    shown = presentable(scene, thresholds) if scene.masks else ()
    yield from permutations(shown, 2)
