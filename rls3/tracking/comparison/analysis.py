"""All figures of a comparison, from the records of its finished runs; report and tables only show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np

from rls3.samples.scores import Tally
from rls3.tracking.comparison.guards import text_only_of, top_cell_share
from rls3.tracking.comparison.outcome import ArmResult, Comparison, Curve, Pair
from rls3.tracking.comparison.results import GROUPS, CellResult, chosen_sizes, chosen_terms
from rls3.tracking.comparison.statistics import (
    UNKNOWN,
    Estimate,
    gain_of,
    mean_band,
    mean_of,
    reach,
    share_of,
)

BOOTSTRAP_SEED = 0
_STEPS = 40
"""Places at which curves over trained samples or time are read: seeds differ in both."""


def analyse(results: Sequence[CellResult], trained_rooms: frozenset[str]) -> Comparison:
    """Work out all figures.

    Args:
        results: finished cells, in the order of the grid; at least one.
        trained_rooms: types of the rooms that were edited, such as "kitchen".
    """
    cells: dict[tuple[str, str], dict[int, CellResult]] = {}
    for result in results:
        cells.setdefault((result.student, result.arm), {})[result.seed] = result
    order = sorted(cells, key=lambda key: list(dict.fromkeys(student for student, _ in cells)).index(key[0]))
    arms = tuple(_arm([cells[key][seed] for seed in sorted(cells[key])], trained_rooms) for key in order)
    return Comparison(arms, tuple(_pairs(cells, order)))


def _pairs(
    cells: Mapping[tuple[str, str], Mapping[int, CellResult]], order: Sequence[tuple[str, str]]
) -> Iterator[Pair]:
    for student, arm in order:
        for other_student, baseline in order:
            seeds = tuple(sorted(cells[student, arm].keys() & cells[other_student, baseline].keys()))
            if student == other_student and arm != baseline and seeds:
                ours = [cells[student, arm][seed] for seed in seeds]
                theirs = [cells[student, baseline][seed] for seed in seeds]
                curves = [[run.accuracy for run in runs] for runs in (ours, theirs)]
                yield Pair(
                    student,
                    arm,
                    baseline,
                    seeds,
                    gain_of([run.final.overall for run in theirs], [run.final.overall for run in ours]),
                    mean_of([fmean(a[1:]) - fmean(b[1:]) for a, b in zip(*curves, strict=True)]),
                    reach(ours[0].rendered, *curves, seed=BOOTSTRAP_SEED),
                )


def _arm(runs: Sequence[CellResult], trained_rooms: frozenset[str]) -> ArmResult:
    before, after = [run.before.overall for run in runs], [run.final.overall for run in runs]
    finals, gains = {}, {}
    for group, members in GROUPS.items():
        first, last = [members(run.before) for run in runs], [members(run.final) for run in runs]
        finals[group] = {name: share_of([hits[name] for hits in last]) for name in last[0]}
        gains[group] = {
            name: gain_of([hits[name] for hits in first], [hits[name] for hits in last]) for name in last[0]
        }
    return ArmResult(
        student=runs[0].student,
        arm=runs[0].arm,
        seeds=tuple(run.seed for run in runs),
        base=share_of(before),
        final=share_of(after),
        gain=gain_of(before, after),
        first_round=gain_of(before, [run.evaluations[1].overall for run in runs]),
        finals=finals,
        gains=gains,
        valid_share=share_of([Tally(round(run.valid_share * run.rendered[-1]), run.rendered[-1]) for run in runs]),
        validity=_validity(runs),
        rendered=float(np.mean([run.rendered[-1] for run in runs])),
        trained=float(np.mean([run.trained[-1] for run in runs])),
        seconds=float(np.mean([run.seconds[-1] for run in runs])),
        curves={
            "rendered": _curve([run.rendered for run in runs], runs, places=runs[0].rendered),
            "trained": _curve([run.trained for run in runs], runs),
            "seconds": _curve([run.seconds for run in runs], runs),
        },
        transfer=_transfer(runs, trained_rooms),
        chosen=chosen_terms(runs),
        sizes=chosen_sizes(runs),
        text_only=share_of([text_only_of(run) for run in runs]),
        top_cell_share=top_cell_share(runs),
    )


def _curve(x: Sequence[Sequence[float]], runs: Sequence[CellResult], places: Sequence[float] | None = None) -> Curve:
    """Mean accuracy at `places`, by default evenly spaced as far as every seed reaches; straight between rounds."""
    if places is None:
        places = np.linspace(0.0, min(row[-1] for row in x), _STEPS).tolist()
    if len(runs) == 1:  # one seed has the interval of its questions
        shares = [share_of([evaluation.overall]) for evaluation in runs[0].evaluations]
        rows = ([getattr(share, part) for share in shares] for part in ("value", "low", "high"))
        return _as_curve(places, *(np.interp(places, x[0], row) for row in rows))
    values = [np.interp(places, row, run.accuracy) for row, run in zip(x, runs, strict=True)]
    return _as_curve(places, *mean_band(values))


def _validity(runs: Sequence[CellResult]) -> Curve:
    valid = [[Tally(record.valid, record.attempted) for record in run.rounds] for run in runs]
    shares = [share_of(tallies) for tallies in zip(*valid, strict=True)]
    rows = ([getattr(share, part) for share in shares] for part in ("value", "low", "high"))
    return _as_curve(runs[0].rendered[1:], *rows)


def _as_curve(*rows: Iterable[float]) -> Curve:
    return Curve(*(tuple(float(value) for value in row) for row in rows))


def _transfer(runs: Sequence[CellResult], trained_rooms: frozenset[str]) -> Estimate:
    known, new = ([_rooms(run, trained_rooms, trained) for run in runs] for trained in (True, False))
    return gain_of(known, new) if all(hits.total for hits in (*known, *new)) else UNKNOWN


def _rooms(run: CellResult, trained_rooms: frozenset[str], trained: bool) -> Tally:
    """Right answers in the rooms of the types that were trained on, or of the others."""
    hits = [tally for room, tally in run.final.by_room_type.items() if (room in trained_rooms) == trained]
    return Tally(sum(tally.correct for tally in hits), sum(tally.total for tally in hits))
