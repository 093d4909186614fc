"""Pictures of training scenes as they naturally are, described as people speak, gathered for `rls3 pretrain`.

Each scene's pictures are drawn from a seed of their own and kept in one file per scene and spawn, so that gathering
can be stopped and goes on where it was, on any number of processes, with the same result.
"""

from __future__ import annotations

import multiprocessing
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rls3.assets.types import OBJECT_TYPES
from rls3.config import Config
from rls3.errors import ConfigError
from rls3.samples.labelling import Picture, Provenance, make_sample
from rls3.samples.record import Sample
from rls3.scene.edit import TERMS
from rls3.scene.figure import spoken_pairs
from rls3.scene.split import spawn_seed, training_scenes
from rls3.vlm.data import shrink
from rls3.vlm.marks import boxes_of_mask
from rls3.vlm.pretrain_data import PretrainData

TYPE_NAMES: tuple[str, ...] = tuple(sorted(OBJECT_TYPES))
_UNRECORDED = Provenance("", "natural", 0, 0, 0, 0)


@dataclass(frozen=True)
class Gathering:
    """How many natural pictures to take, and at what size the student sees them.

    Attributes:
        spawns: re-spawns of the small objects per scene.
        views: pictures per spawn.
        pixels: edge of the student's square picture.
        patch: edge of its patches, pixels.
        seed: seed of the gathering.
    """

    spawns: int
    views: int
    pixels: int
    patch: int
    seed: int


def gather(config: Config, plan: Gathering, folder: Path, processes: int, report: Callable[[int, int], None]) -> Path:
    """Take all pictures, one `.npz` file per scene and spawn.

    Args:
        config: simulator and validity sections are used.
        plan: how many, how large.
        folder: where the files go; those already there are kept.
        processes: simulators side by side.
        report: called with (files done, files in all).
    """
    folder.mkdir(parents=True, exist_ok=True)
    scenes = training_scenes(config.sim.scenes)
    jobs = [(scene, spawn) for spawn in range(plan.spawns) for scene in scenes]
    missing = [job for job in jobs if not _file(folder, *job).exists()]
    shares = [missing[n : n + 8] for n in range(0, len(missing), 8)]
    done = len(jobs) - len(missing)
    report(done, len(jobs))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for future in as_completed([pool.submit(_gather_some, config, plan, folder, share) for share in shares]):
            done += future.result()
            report(done, len(jobs))
    return folder


def _file(folder: Path, scene: str, spawn: int) -> Path:
    return folder / f"{Path(scene).stem}-{spawn:03d}.npz"


def load(folder: Path) -> PretrainData:
    """All gathered pictures of a folder, in the order of their file names, spawn by spawn.

    Raises:
        ConfigError: the folder holds none.
    """
    files = sorted(folder.glob("[!.]*.npz"), key=lambda path: (path.stem.rsplit("-", 1)[1], path.stem))
    if not files:
        raise ConfigError(f"'{folder}' holds no gathered pictures; choose another --data folder")
    parts = [dict(np.load(path)) for path in files]
    starts = np.cumsum([0, *(len(part["images"]) for part in parts)])
    rows = np.concatenate([part["questions"] for part in parts]).astype(np.int64)
    rows[:, 0] += np.repeat(starts[:-1], [len(part["questions"]) for part in parts])
    packed = np.concatenate([part["coverage"] for part in parts])
    return PretrainData(
        images=np.concatenate([part["images"] for part in parts]),
        coverage=np.unpackbits(packed, axis=2, count=len(TYPE_NAMES)).astype(np.bool_),
        types=TYPE_NAMES,
        image=rows[:, 0],
        question=tuple(str(text) for part in parts for text in part["texts"]),
        boxes=np.concatenate([part["boxes"] for part in parts]),
        subject=rows[:, 1],
        reference=rows[:, 2],
        terms=rows[:, 3:].astype(np.bool_),
    )


def _gather_some(config: Config, plan: Gathering, folder: Path, jobs: Sequence[tuple[str, int]]) -> int:
    from rls3.thor.simulator import Simulator
    from rls3.thor.views import natural_views

    simulator = Simulator(config.sim)
    try:
        for scene, spawn in jobs:
            seed = spawn_seed(scene, (plan.seed + zlib.crc32(f"{scene}-{spawn}".encode())) % 2**31)
            views = list(natural_views(simulator, scene, seed=seed, count=plan.views))
            if views:
                _save(_file(folder, scene, spawn), views, plan, config, seed)
    finally:
        simulator.close()
    return len(jobs)


def _save(path: Path, views: Sequence[Picture], plan: Gathering, config: Config, seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = [(number, sample) for number, view in enumerate(views) for sample in _spoken(view, config, rng)]
    hidden = path.with_name(f".{path.name}")  # np.savez keeps a name that ends in .npz
    np.savez_compressed(
        hidden,
        images=np.stack([shrink(view.image, plan.pixels) for view in views]),
        coverage=np.stack([type_coverage(view, plan) for view in views]),
        questions=np.asarray([_row(*each) for each in asked], np.int16).reshape(-1, 3 + len(TERMS)),
        texts=np.asarray([sample.question for _, sample in asked], np.str_),
        boxes=np.asarray([boxes_of_mask(sample.mask) for _, sample in asked], np.float64).reshape(-1, 2, 4),
    )
    hidden.replace(path)


def _spoken(view: Picture, config: Config, rng: np.random.Generator) -> Iterator[Sample]:
    """The valid questions on a picture about where a small thing is relative to a large one, as people speak."""
    for subject, reference in spoken_pairs(view.scene, config.validity):
        if {subject.type, reference.type} <= OBJECT_TYPES.keys():
            sample = make_sample(
                view, subject.id, reference.id, provenance=_UNRECORDED, validity=config.validity, rng=rng
            )
            if sample.valid:
                yield sample


def _row(number: int, sample: Sample) -> list[int]:
    kinds = [TYPE_NAMES.index(sample.subject_type), TYPE_NAMES.index(sample.reference_type)]
    return [number, *kinds, *(int(term in sample.terms) for term in TERMS)]


def type_coverage(view: Picture, plan: Gathering) -> NDArray[np.uint8]:
    """Which object types cover which patch: (patches, types) packed along types by `np.packbits`.

    A type covers a patch when it fills at least a sixteenth of it.
    """
    height, width = view.ids.shape
    grid = plan.pixels // plan.patch
    rows = np.arange(height) * grid // height
    columns = np.arange(width) * grid // width
    patch = (rows[:, None] * grid + columns[None, :]).ravel()
    kinds = [TYPE_NAMES.index(o.type) if o.type in OBJECT_TYPES else -1 for o in view.scene.objects]
    kind = np.asarray([*kinds, -1])[view.ids.ravel()]
    seen = kind >= 0
    counts = np.zeros((grid * grid, len(TYPE_NAMES)), np.int32)
    np.add.at(counts, (patch[seen], kind[seen]), 1)
    return np.packbits(counts * 16 >= height * width // (grid * grid), axis=1)
