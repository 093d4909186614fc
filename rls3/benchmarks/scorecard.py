"""One benchmark's score: every figure with its interval, and what was left out, said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rls3.benchmarks.benchmark import Benchmark
from rls3.benchmarks.errors import PredictionError
from rls3.benchmarks.leaks import Leak, Provenance, find_leaks
from rls3.benchmarks.predictions import Given, Matched
from rls3.benchmarks.reading import Faulty, Reading

_SHOWN = 5
"""Scenes or pictures that a note on a leak names; the JSON file names all."""


@dataclass(frozen=True)
class Line:
    """One figure of a scorecard.

    Attributes:
        name: what it is.
        value: 0..1.
        low, high: its 95 % bootstrap interval.
        units: items, pairs or groups it rests on.
    """

    name: str
    value: float
    low: float
    high: float
    units: int


@dataclass(frozen=True)
class Scorecard:
    """What a benchmark says of somebody's answers.

    Attributes:
        benchmark: its name.
        published: how many items it has in all, and who published it.
        lines: figures, the headline first.
        items: items scored.
        unanswered: of them, those whose answer said nothing of any option (they count as wrong).
        missing: of them, those without an answer (they count as wrong).
        unknown: predictions for no item of the benchmark.
        faulty: published items that are left out.
        notes: what else a reader must know.
        leaks: what the model's training shares with the items; () when nothing, or when nothing is known of it.
    """

    benchmark: str
    published: str
    lines: tuple[Line, ...]
    items: int
    unanswered: int
    missing: int
    unknown: int
    faulty: tuple[Faulty, ...]
    notes: tuple[str, ...]
    leaks: tuple[Leak, ...] = ()

    @property
    def headline(self) -> Line:
        """The figure the benchmark is quoted by."""
        return self.lines[0]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a file."""
        return asdict(self)


def score(
    benchmark: Benchmark,
    reading: Reading,
    answers: Mapping[str, Given],
    *,
    seed: int = 0,
    written: bool = False,
    unknown: int = 0,
    notes: tuple[str, ...] = (),
    training: Provenance | None = None,
) -> Scorecard:
    """Grade the items that `answers` names and aggregate as the benchmark's own code does.

    Args:
        benchmark: whose rules.
        reading: its items; only those in `answers` are scored.
        answers: item id -> answer; None counts as wrong and missing.
        seed: of the bootstrap.
        written: whether texts were written by a model, not chosen among the options.
        unknown: predictions that belong to no item.
        notes: further notes.
        training: what the model was trained on; items that share something with it are named, and the headline is
            given without them as well.
    """
    items = [item for item in reading.items if item.id in answers]
    graded = [benchmark.grade(item, answers[item.id], written=written) for item in items]
    missing = sum(answers[item.id] is None for item in items)
    leaks = () if training is None else tuple(find_leaks(items, training))
    leaking = {item for leak in leaks for item in leak.items}
    figures = benchmark.figures(graded)
    if leaking and (clean := [entry for entry in graded if entry.item.id not in leaking]):
        headline = benchmark.figures(clean)[0]
        figures.append(replace(headline, name=f"{headline.name} without leaks"))
    lines = [Line(figure.name, figure.value, *figure.interval(seed), figure.units) for figure in figures]
    return Scorecard(
        benchmark=benchmark.name,
        published=f"{benchmark.source.items}; {benchmark.source.citation}",
        lines=tuple(lines),
        items=len(items),
        unanswered=sum(not entry.answered for entry in graded) - missing,
        missing=missing,
        unknown=unknown,
        faulty=tuple(entry for entry in reading.faulty if entry.part in {item.part for item in items}),
        notes=(*reading.notes, *notes, *map(_leak_note, leaks)),
        leaks=leaks,
    )


def _leak_note(leak: Leak) -> str:
    more = f" and {len(leak.shared) - _SHOWN} more" if len(leak.shared) > _SHOWN else ""
    return f"leak: {len(leak.items)} items share a {leak.kind} with training ({', '.join(leak.shared[:_SHOWN])}{more})"


def score_predictions(
    benchmark: Benchmark, reading: Reading, matched: Matched, *, allow_missing: bool = False, seed: int = 0
) -> Scorecard:
    """The score of somebody's predictions.

    Args:
        benchmark: whose rules.
        reading: its items.
        matched: the predictions, put to them.
        allow_missing: count items without prediction as wrong; else they are an error.
        seed: of the bootstrap.

    Raises:
        PredictionError: items are missed, and `allow_missing` is off; says how many and which first. Or nothing of the
            benchmark is left to score.
    """
    if matched.missing and not allow_missing:
        total = len(matched.missing) + sum(item.id in matched.answers for item in reading.items)
        first = ", ".join(item.id for item in matched.missing[:3])
        raise PredictionError(
            f"the predictions miss {len(matched.missing)} of {total} items (first {first}); "
            "complete them, or count them as wrong with --allow-missing"
        )
    if not any(item.id in matched.answers for item in reading.items):
        raise PredictionError(
            f"nothing to score: none of {len(matched.answers)} predictions is for a sound item of '{benchmark.name}', "
            f"and {len(reading.faulty)} published items are faulty"
        )
    answers = {**matched.answers, **{item.id: None for item in matched.missing}}
    notes = tuple(f"part '{part}': no predictions, its {n} items not scored" for part, n in matched.untouched.items())
    return score(benchmark, reading, answers, seed=seed, written=True, unknown=matched.unknown, notes=notes)
