"""Small valid records for tests; every field can be overridden."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from rls3.samples.record import Sample
from rls3.scene.edit import TERMS
from rls3.scene.language import options
from rls3.scene.model import MaskStats, SceneObject


def make_sample(**overrides: Any) -> Sample:
    """A valid sample: a red square left of a blue one on grey, asked for with four options."""
    values: dict[str, Any] = {
        "sample_id": "test-0",
        "image": squares(),
        "mask": pair_mask(),
        "question": "where is the mug relative to the bowl?",
        "options": ("right", "left", "behind", "above"),
        "answer": 1,
        "caption": "the mug is to the left of the bowl",
        "terms": ("left",),
        "azimuth": 270.0,
        "elevation": 0.0,
        "margin": 22.5,
        "invalid": (),
        "subject_id": "Mug|+00.00|+00.00|+00.00",
        "subject_type": "Mug",
        "reference_id": "Bowl|+01.00|+00.00|+00.00",
        "reference_type": "Bowl",
        "subject_position": (0.0, 0.0, 0.0),
        "reference_position": (1.0, 0.0, 0.0),
        "subject_pixels": 256,
        "reference_pixels": 256,
        "camera_position": (0.5, 1.0, -2.0),
        "camera_yaw": 0.0,
        "camera_horizon": 20.0,
        "field_of_view": 60.0,
        "scene_id": "FloorPlan1",
        "scene_type": "kitchen",
        "engine_name": "embedded",
        "engine_version": "0.1.0",
        "placement": "left",
        "view": 0,
        "sampler": "random",
        "seed": 0,
        "slot": 0,
        "episode": 0,
        "step": 0,
        "family": "direction",
        "predicate": "direction",
        "about": ("Mug|+00.00|+00.00|+00.00", "Bowl|+01.00|+00.00|+00.00"),
        "value": ("left",),
        "frame": "viewer",
        "kind": "multiple_choice",
        "margin_share": 4.5,
        "objects": objects(),
        "masks": {
            "Mug|+00.00|+00.00|+00.00": MaskStats(256, (8, 24, 23, 39), cut=False),
            "Bowl|+01.00|+00.00|+00.00": MaskStats(256, (40, 24, 55, 39), cut=False),
        },
    }
    return Sample(**(values | overrides))


def left_or_right(count: int, first: int = 0) -> list[Sample]:
    """Numbered pictures with a little noise: the mug is the red square, left of the bowl in every other one."""
    options = ("left", "right", "behind", "above")
    made = []
    for number in range(first, first + count):
        side = "left" if number % 2 else "right"
        colors = ((200, 40, 40), (40, 60, 200))[:: 1 if number % 2 else -1]
        noise = np.random.default_rng(number).integers(-20, 20, (64, 64, 3))
        made.append(
            make_sample(
                sample_id=f"s{number}",
                image=np.clip(squares(*colors) + noise, 0, 255).astype(np.uint8),
                options=options,
                answer=options.index(side),
                terms=(side,),
                value=(side,),
                caption=f"the mug is to the {side} of the bowl",
            )
        )
    return made


def objects() -> tuple[SceneObject, ...]:
    """A mug and a bowl of 0.2 m, 1 m apart, as `make_sample` states them, and a chair that does not show."""
    return (
        _box("Mug|+00.00|+00.00|+00.00", "Mug", (0.0, 0.0, 0.0), movable=True, materials=("Ceramic",)),
        _box("Bowl|+01.00|+00.00|+00.00", "Bowl", (1.0, 0.0, 0.0), movable=True, receptacle=True),
        _box("Chair|+09.00|+00.00|+00.00", "Chair", (9.0, 0.0, 0.0), front_yaw=90.0, parents=("Floor",)),
    )


def _box(object_id: str, kind: str, center: tuple[float, float, float], **fields: Any) -> SceneObject:
    size, turned = (0.2, 0.2, 0.2), (0.0, 0.0, 0.0)
    signs = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))
    corners = np.array(center) + signs * np.array(size)
    return SceneObject(object_id, object_id, kind, center, size, center, turned, corners, **fields)


def squares(left: tuple[int, int, int] = (200, 40, 40), right: tuple[int, int, int] = (40, 60, 200)) -> np.ndarray:
    """A (64, 64, 3) uint8 picture: two squares side by side on grey."""
    image = np.full((64, 64, 3), 128, np.uint8)
    image[24:40, 8:24] = left
    image[24:40, 40:56] = right
    return image


def pair_mask() -> np.ndarray:
    """The (64, 64) uint8 mask of `squares`: 1 on the left one, 2 on the right one."""
    mask = np.zeros((64, 64), np.uint8)
    mask[24:40, 8:24], mask[24:40, 40:56] = 1, 2
    return mask


def asked_in(scene: str, count: int = 20) -> list[Sample]:
    """So many questions with a picture each, of all six terms in turn."""
    samples = []
    for number in range(count):
        terms = (TERMS[number % len(TERMS)],)
        shown, answer = options(terms, np.random.default_rng(number))
        changes = {"sample_id": f"{scene}-{number:02d}", "scene_id": scene, "step": number, "terms": terms}
        samples.append(make_sample(**changes, options=shown, answer=answer))
    return samples
