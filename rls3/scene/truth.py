"""Facts: what is true of a scene, derived from geometry alone, each with its margin and every reason against it.

Facts come both ways: what holds and what does not is stated alike, so that language may ask either. The same function
states a fact when it is made and when a dataset is verified.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rls3.config import ValidityConfig
from rls3.scene.facts import FAMILIES, VIEWER, WORLD, Fact, Family
from rls3.scene.model import Scene
from rls3.scene.naming import STRUCTURAL_TYPES
from rls3.scene.reasons import AMBIGUOUS_RELATION
from rls3.scene.relations.change import camera_shift, moved, way
from rls3.scene.stating import STATERS, proposals, stated
from rls3.scene.table import Table

STILL_M = 0.01
"""What moved less has not moved: physics settles by that much, metres."""


def facts_of(
    scene: Scene,
    thresholds: ValidityConfig,
    families: Collection[Family] = FAMILIES,
    *,
    about: Collection[str] | None = None,
) -> Iterator[Fact]:
    """Every fact of a picture, answerable or not.

    Which of several is nearest and what is between two others is derived for clearly seen objects only.

    Args:
        scene: what the picture shows; without masks objects are judged by their projected boxes.
        thresholds: where words begin and when a label may teach.
        families: kinds of facts wanted; "change" takes two pictures, see `facts_of_change`.
        about: ids of the objects to consider; None = all that show in the picture, parts of the building apart.
    """
    table = Table(scene, thresholds)
    if about is None:
        rows = [
            row for row, thing in enumerate(scene.objects) if table.shows[row] and thing.type not in STRUCTURAL_TYPES
        ]
    else:
        rows = sorted(table.index[object_id] for object_id in about)
    for family in families:
        for predicate, chosen in proposals(table, family, rows):
            yield STATERS[family, predicate](table, chosen)


def facts_of_change(before: Scene, after: Scene, thresholds: ValidityConfig) -> Iterator[Fact]:
    """What changed between two pictures of one scene: which way objects moved, and whether the camera moved instead."""
    tables = Table(before, thresholds), Table(after, thresholds)
    ways = {key: distance for key, distance in moved(before, after).items() if distance > STILL_M}
    for object_id in ways:
        yield _moved(*tables, object_id)
        yield _cause(*tables, (object_id,))
    if not ways and camera_shift(before.camera, after.camera) > 0:
        yield _cause(*tables, ())


def restate(fact: Fact, scene: Scene, thresholds: ValidityConfig, before: Scene | None = None) -> Fact:
    """The same fact derived anew: its value, margin and reasons are recomputed from the scene.

    Args:
        fact: what was stated; its family, predicate and `about` are taken.
        scene: the scene of the picture; of the later one of a change.
        thresholds: as when it was stated.
        before: the scene of the earlier picture of a change.

    Raises:
        KeyError: the scene has none of that object.
        ValueError: no such predicate, or a change without the scene before.
    """
    if fact.family == "change":
        if before is None:
            raise ValueError(f"'{fact.predicate}' is a change: the scene before it is needed to state it")
        tables = Table(before, thresholds), Table(scene, thresholds)
        return _moved(*tables, fact.about[0]) if fact.predicate == "moved" else _cause(*tables, fact.about)
    if (fact.family, fact.predicate) not in STATERS:
        allowed = ", ".join(f"{family} {predicate}" for family, predicate in STATERS)
        raise ValueError(
            f"no fact is called '{fact.family} {fact.predicate}'; there are {allowed}, change moved, cause"
        )
    table = Table(scene, thresholds)
    return STATERS[fact.family, fact.predicate](table, tuple(_row(table, object_id) for object_id in fact.about))


def _row(table: Table, object_id: str) -> int:
    if object_id not in table.index:
        raise KeyError(f"scene '{table.scene.id}' has no object '{object_id}'")
    return table.index[object_id]


def _moved(before: Table, after: Table, object_id: str) -> Fact:
    """Which way an object moved, for a viewer who stood still."""
    thing, earlier = after.scene.objects[_row(after, object_id)], before.scene.objects[_row(before, object_id)]
    found = way(earlier, thing, after.scene.camera, after.thresholds)
    shaky = camera_shift(before.scene.camera, after.scene.camera) > 0
    short = moved(before.scene, after.scene).get(object_id, 0.0) < after.thresholds.min_moved_m
    return stated(
        after,
        "change",
        "moved",
        (_row(after, object_id),),
        value=found.terms,
        frame=VIEWER,
        margin=found.margin,
        others=[AMBIGUOUS_RELATION] if shaky or short else [],
        flaws=before.flaws[_row(before, object_id)],
    )


def _cause(before: Table, after: Table, about: tuple[str, ...]) -> Fact:
    """Whether the pictures differ because an object moved or because the camera did; undecided where both did."""
    shift = camera_shift(before.scene.camera, after.scene.camera)
    ways = moved(before.scene, after.scene)
    farthest = ways.get(about[0], 0.0) if about else max(ways.values(), default=0.0)
    by_object = bool(about)
    clear = shift == 0 if by_object else farthest <= STILL_M
    return stated(
        after,
        "change",
        "cause",
        tuple(_row(after, object_id) for object_id in about),
        value=("object",) if by_object else ("camera",),
        frame=WORLD,
        margin=(farthest if by_object else shift) if clear else 0.0,
        flaws=before.flaws[_row(before, about[0])] if about else 0,
    )
