"""The command that says what holds between the objects of one recorded frame."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from rls3.errors import ConfigError, UnsupportedMetadataError

if TYPE_CHECKING:
    from rls3.config import ValidityConfig
    from rls3.scene.edit import Term
    from rls3.scene.facts import Fact, Family
    from rls3.scene.model import Scene
    from rls3.scene.naming import Name

Names = dict[str, "Name | None"]


def relations(
    frame: Annotated[Path, typer.Argument(help="Metadata of one AI2-THOR 5.x event: JSON, or gzipped JSON (.gz).")],
    image: Annotated[Path | None, typer.Option(help="The frame's picture, to draw on.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the drawn picture goes, PNG.")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="validity.key=value; may be given several times.")
    ] = None,
) -> None:
    """Print as JSON what holds between every ordered pair of objects in a frame, and what speaks against asking it."""
    from rls3.config import load_config
    from rls3.scene.naming import names_of
    from rls3.thor.metadata import read_metadata, scene_from_metadata

    if (image is None) != (out is None):
        raise ConfigError("--image and --out go together: the picture to draw on, and where the drawing goes")
    thresholds = load_config([], overrides or []).validity
    metadata = read_metadata(frame)
    try:
        scene = scene_from_metadata(metadata)
    except UnsupportedMetadataError as error:
        raise UnsupportedMetadataError(f"'{frame}': {error}") from None
    for problem in scene.left_out.values():
        typer.echo(f"'{frame}': {problem}; it is left out", err=True)
    names = names_of(scene)
    if image is not None and out is not None:
        _draw(scene, thresholds, names, image, out)
    for part in _printed(scene, thresholds, names):
        typer.echo(part)


def _printed(scene: Scene, thresholds: ValidityConfig, names: Names) -> Iterator[str]:
    """One JSON object, an entry of its lists per line."""
    from rls3.scene.relations.support import agreement

    head = {
        "scene": scene.id,
        "engine": vars(scene.engine),
        "camera": vars(scene.camera),
        "masks": "projection" if scene.masks is None else "instance",
        "left_out": dict(scene.left_out),
        "support": vars(agreement(scene, thresholds)),
    }
    yield json.dumps(head)[:-1] + ","
    for key, entries in (("pairs", _pairs(scene, thresholds, names)), ("facts", _facts(scene, thresholds, names))):
        yield f'"{key}": ['
        previous = None
        for entry in entries:
            if previous is not None:
                yield previous + ","
            previous = json.dumps(entry)
        yield (previous or "") + ("]," if key == "pairs" else "]}")


def _pairs(scene: Scene, thresholds: ValidityConfig, names: Names) -> Iterator[dict[str, Any]]:
    """Every ordered pair: its direction for the viewer, and everything else that relates the two."""
    from rls3.scene.truth import facts_of

    families: tuple[Family, ...] = ("direction", "perspective", "support", "nearness", "size")
    about = [thing.id for thing in scene.objects]
    grouped: dict[tuple[str, ...], list[Fact]] = {pair: [] for pair in itertools.permutations(about, 2)}
    for fact in facts_of(scene, thresholds, families, about=about):
        if fact.about in grouped:
            grouped[fact.about].append(fact)
    for (subject, reference), (direction, *others) in grouped.items():
        yield {
            "subject": subject,
            "reference": reference,
            **_told("terms", direction, names),
            "relations": {_key(fact): {**_told("value", fact, names), "unit": fact.unit} for fact in others},
        }


def _facts(scene: Scene, thresholds: ValidityConfig, names: Names) -> Iterator[dict[str, Any]]:
    """What is not about a pair: distance bands, the nearest of several, what is between, and numbers."""
    from rls3.scene.truth import facts_of

    for fact in facts_of(scene, thresholds, ("nearness", "between", "count")):
        if fact.predicate != "nearer":
            yield {
                "family": fact.family,
                "predicate": fact.predicate,
                "about": fact.about,
                **_told("value", fact, {} if fact.family == "count" else names),
                "unit": fact.unit,
            }


def _told(key: str, fact: Fact, names: Names) -> dict[str, Any]:
    from rls3.scene.reasons import NAME_NOT_UNIQUE

    nameless = any(object_id in names and names[object_id] is None for object_id in fact.about)
    reasons = [*fact.reasons, *([NAME_NOT_UNIQUE] if nameless else [])]
    margin = round(fact.margin, 4) if math.isfinite(fact.margin) else None
    return {key: fact.value, "frame": fact.frame, "margin": margin, "valid": not reasons, "reasons": reasons}


def _key(fact: Fact) -> str:
    return "own_direction" if fact.family == "perspective" else fact.predicate


def _terms(fact: Fact) -> tuple[Term, ...]:
    return cast("tuple[Term, ...]", fact.value)


def _draw(scene: Scene, thresholds: ValidityConfig, names: Names, image: Path, out: Path) -> None:
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    from rls3.scene.facts import YES
    from rls3.scene.language import phrase
    from rls3.scene.truth import facts_of
    from rls3.tracking.drawing import draw_relations

    try:
        pixels = np.asarray(Image.open(image).convert("RGB"))
    except (OSError, UnidentifiedImageError) as error:
        raise ConfigError(f"--image '{image}' is no picture that can be read: {error}") from None
    wanted = (scene.camera.height, scene.camera.width)
    if pixels.shape[:2] != wanted:
        raise ConfigError(
            f"--image '{image}' has {pixels.shape[1]} x {pixels.shape[0]} pixels, but the frame's metadata says "
            f"{wanted[1]} x {wanted[0]}: give the picture of this frame"
        )
    called = {key: name.phrase for key, name in names.items() if name is not None}
    facts = [
        fact
        for fact in facts_of(scene, thresholds, ("direction", "support"))
        if fact.answerable and called.keys() >= set(fact.about)
    ]
    lines: dict[tuple[str, ...], str] = {}
    for fact in sorted(facts, key=lambda fact: -fact.share):
        subject, reference = (called[object_id] for object_id in fact.about)
        if fact.family == "direction" and (fact.predicate, *reversed(fact.about)) not in lines:
            lines[fact.predicate, *fact.about] = (
                f"{subject}: {phrase(_terms(fact))} the {reference} ({fact.margin:.0f}°)"
            )
        elif fact.predicate in ("on", "in") and fact.value == YES:
            lines[fact.predicate, *fact.about] = f"{subject}: {fact.predicate} the {reference}"
    shown = {object_id: called[object_id] for _, *about in lines for object_id in about}
    draw_relations(pixels, scene, shown, list(lines.values()), out)
