"""`rls3 evaluate`: a student answers a benchmark, scored by the benchmark's own rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rls3.benchmarks.benchmark import Benchmark
from rls3.benchmarks.item import Item, chosen
from rls3.benchmarks.predictions import Given
from rls3.benchmarks.reading import Reading, only
from rls3.benchmarks.registry import find_benchmark
from rls3.benchmarks.scorecard import Scorecard, score
from rls3.benchmarks.suite import Rls3Suite
from rls3.config import Config
from rls3.errors import ConfigError
from rls3.runtime.provenance import provenance_of_model, provenance_of_samples
from rls3.runtime.suite_files import suite_folder
from rls3.vlm.data import Example, Sight
from rls3.vlm.generative import GenerativeStudent
from rls3.vlm.marks import boxes_of_mask
from rls3.vlm.scorer import scoring_device
from rls3.vlm.student import Student, load_student
from rls3.vlm.vilt import ViltStudent

ITEMS_AT_ONCE = 64
"""Questions whose pictures are in memory at the same time."""
GAP = 8
"""Pixels of white between several pictures of one question."""


def evaluate_benchmark(
    config: Config,
    benchmark: str,
    data: Path | None,
    *,
    part: str | None,
    blind: bool,
    trained_on: Path | None = None,
    processes: int = 1,
) -> Scorecard:
    """The score of a student on a benchmark.

    Choices are answered by the student's best-scored option, options shuffled by seed; a tie is no answer. Numbers are
    written by generative students; the others leave those items out. `rls3-suite` is generated where it is missing.

    Args:
        config: `vlm` says which student, and where it computes; `run.seed` decides option order and bootstrap; `suite`,
            `sim`, `validity` and `sampler` decide the questions of `rls3-suite`.
        benchmark: name.
        data: folder of the published files; None for `rls3-suite` in the user's cache.
        part: one split, subset or task only.
        blind: grey instead of pictures: what the text alone gives away.
        trained_on: folder of the run or data set that the model was trained on; None = what the model's folder tells.
        processes: simulators side by side that generate `rls3-suite`.

    Raises:
        BenchmarkDataError: files are absent or not as published.
        ConfigError: the student cannot answer this kind of question, or no folder was given.
        ModelLoadError: there is no such student.
        SampleStoreError: `trained_on` is neither a run nor a data set.
    """
    rules, vlm, seed = find_benchmark(benchmark), config.vlm, config.run.seed
    training = provenance_of_samples(trained_on) if trained_on else provenance_of_model(vlm.base)
    student = load_student(vlm)
    if isinstance(student, ViltStudent) and not rules.in_terms:
        raise ConfigError(
            f"vlm.base='{vlm.base}' is a ViLT that answers with the six relation terms alone and cannot read the "
            f"options of '{benchmark}'; give a CLIP-like or generative model"
        )
    reading = rules.read(_folder(config, rules, data, processes))
    if part is not None:
        reading = only(reading, part)
    student.network.to(scoring_device(vlm.accelerator))
    answers = _answers(student, reading, captions=rules.captions, blind=blind, seed=seed)
    notes = [f"model {vlm.base}, options shuffled with seed {seed}"]
    if blind:
        notes.append("blind: every picture is grey")
    if unasked := len(reading.items) - len(answers):
        notes.append(f"{unasked} items ask for a number, which this kind of model cannot write: not scored")
    if training is None:
        notes.append("leaks: not looked for, as nothing tells what the model was trained on (--trained-on FOLDER)")
    return score(rules, reading, answers, seed=seed, notes=tuple(notes), training=training)


def _folder(config: Config, rules: Benchmark, data: Path | None, processes: int) -> Path:
    """Where the benchmark's files are; our own suite is generated there.

    Raises:
        ConfigError: a published benchmark needs a folder.
    """
    if isinstance(rules, Rls3Suite):
        return suite_folder(config, data, processes)
    if data is None:
        raise ConfigError(
            f"benchmark '{rules.name}' needs --data: the folder with {rules.source.files}, published at "
            f"{rules.source.url}"
        )
    return data


def _answers(student: Student, reading: Reading, *, captions: bool, blind: bool, seed: int) -> dict[str, Given]:
    """Item id -> the option's text, or the written number."""
    answers: dict[str, Given] = {}
    for start in range(0, len(reading.items), ITEMS_AT_ONCE):
        items = [item.shuffled(seed) for item in reading.items[start : start + ITEMS_AT_ONCE]]
        shown = [item.blind() if blind else item for item in items]
        examples = [_example(item, student.sight, captions) for item in shown]
        choices = [i for i, item in enumerate(items) if item.options]
        for i, scores in zip(choices, student.score_options([examples[i] for i in choices]), strict=True):
            best = chosen(scores.tolist())
            answers[items[i].id] = None if best is None else items[i].options[best]
        numbers = [i for i, item in enumerate(items) if not item.options]
        if numbers and isinstance(student, GenerativeStudent):
            written = student.write([examples[i] for i in numbers])
            answers |= {items[i].id: text for i, text in zip(numbers, written, strict=True)}
    return answers


def _example(item: Item, sight: Sight, captions: bool) -> Example:
    boxes = boxes_of_mask(item.about.load()[..., 0]) if sight.marked and item.about else ()
    image = sight.of(side_by_side([picture.load() for picture in item.pictures]), boxes)
    statements = item.options if captions else item.statements
    statements = statements or tuple(f"{item.question} {option}" for option in item.options)
    return Example(image, item.question, item.options, item.answer, statements, ())


def side_by_side(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Several (H, W, 3) pictures as one, left to right at the height of the first, `GAP` apart; one stays itself."""
    height = pictures[0].shape[0]
    row: list[NDArray[np.uint8]] = []
    for picture in pictures:
        width = max(1, round(picture.shape[1] * height / picture.shape[0]))
        scaled = picture if picture.shape[0] == height else np.asarray(Image.fromarray(picture).resize((width, height)))
        row += [scaled, np.full((height, GAP, 3), 255, np.uint8)]
    return np.concatenate(row[:-1], axis=1)
