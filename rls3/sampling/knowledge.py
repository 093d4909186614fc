"""What is known of the VLM and of the samples made so far: by relation, and by how the two things compare in size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.scene.cells import CELL_TERMS, CELLS, cell_of
from rls3.scene.edit import TERMS
from rls3.scene.figure import SIZES

GROUPS: tuple[str, ...] = (*CELLS, *SIZES)
"""What samples are counted and scored by: each belongs to a relation cell and to a size."""
ASPECTS: tuple[str, ...] = (*TERMS, *SIZES)
"""What the feedback pool tells the VLM's weakness by."""
PRIOR_SCORES = 2.0
"""How many fresh scores of a group weigh as much as what was known of it before; ours."""
LEAST_NEED = 0.05
"""What the VLM hardly ever gets wrong still gets the share of a weakness of so much, lest it be forgotten; ours."""
_KIND = "|"


@dataclass(frozen=True)
class GroupScores:
    """Scores of one group's samples by one version of the VLM.

    Attributes:
        count: scored samples.
        success: sum of the probabilities of the right option.
        learnability: sum of 4p(1-p).
    """

    count: int = 0
    success: float = 0.0
    learnability: float = 0.0

    def with_score(self, success: float) -> GroupScores:
        """One more."""
        learnability = self.learnability + 4.0 * success * (1.0 - success)
        return GroupScores(self.count + 1, self.success + success, learnability)


def _no_scores() -> dict[str, GroupScores]:
    return dict.fromkeys(GROUPS, GroupScores())


@dataclass
class Knowledge:
    """What came back from the samples made so far.

    Attributes:
        weakness: error rate per aspect on the feedback pool, 0..1; 0.5 before anything is known.
        made: valid samples per group.
        kinds: valid samples per "subject type|reference type|cell".
        version: the VLM's present version.
        fresh: per group, scores by that version.
        before: per group, scores by the last earlier version that scored any of it.
    """

    weakness: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ASPECTS, 0.5))
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 0))
    kinds: dict[str, int] = field(default_factory=dict)
    version: int = 0
    fresh: dict[str, GroupScores] = field(default_factory=_no_scores)
    before: dict[str, GroupScores] = field(default_factory=_no_scores)

    @classmethod
    def of(cls, samples: Iterable[Sample]) -> Knowledge:
        """What a run's records tell, in the order of making."""
        known = cls()
        for sample in samples:
            if not sample.valid:
                continue
            known.advance(sample.vlm_version)
            if sample.vlm_version == known.version:
                known.note_success(sample, sample.success_probability)
            known.count_sample(sample)
        return known

    def observe(self, other: Knowledge) -> None:
        """Take over what another knows of the VLM; what was made is counted here, where it is made.

        Raises:
            ValueError: see `set_weakness`.
        """
        self.set_weakness(other.weakness)
        self.version, self.fresh, self.before = other.version, dict(other.fresh), dict(other.before)

    def set_weakness(self, weakness: Mapping[str, float]) -> None:
        """Replace the weakness.

        Raises:
            ValueError: an aspect is missing or no share of 1.
        """
        wrong = [aspect for aspect in ASPECTS if not 0.0 <= weakness.get(aspect, -1.0) <= 1.0]
        if wrong:
            found = weakness.get(wrong[0])
            raise ValueError(f"weakness of '{wrong[0]}' is {found}; each of {ASPECTS} needs one in 0..1")
        self.weakness = {aspect: float(weakness[aspect]) for aspect in ASPECTS}

    def advance(self, version: int) -> None:
        """The VLM was fine-tuned: what was fresh becomes what was before; an older version changes nothing."""
        if version > self.version:
            self.version = version
            self.before |= {group: scores for group, scores in self.fresh.items() if scores.count}
            self.fresh = _no_scores()

    def note(self, sample: Sample, score: Score) -> bool:
        """Take in a valid sample's score; False if it is stale: by an older version than the present one."""
        if score.vlm_version < self.version:
            return False
        self.advance(score.vlm_version)
        self.note_success(sample, score.success(sample))
        return True

    def note_success(self, sample: Sample, success: float) -> None:
        """Take in what the present version made of a valid sample: the probability of its right option."""
        for group in groups_of(sample):
            self.fresh[group] = self.fresh[group].with_score(success)

    def count(self, groups: Sequence[str]) -> None:
        """Count a valid sample's groups."""
        for group in groups:
            self.made[group] += 1

    def count_sample(self, sample: Sample) -> None:
        """Count a valid sample's groups, and its types."""
        self.count(groups_of(sample))
        kind = kind_of(sample)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def accuracy(self, group: str) -> float:
        """Expected accuracy of the present version, 0..1: mean probability of the right option.

        Few fresh scores are drawn towards what was known before, and towards 0.5 where nothing was.
        """
        before = self.before[group]
        known = before.success / before.count if before.count else 0.5
        fresh = self.fresh[group]
        return (fresh.success + PRIOR_SCORES * known) / (fresh.count + PRIOR_SCORES)

    def learnability(self, group: str) -> float:
        """Mean 4p(1-p) of the present version's scores, 0..1, as `accuracy`; 1 where nothing is known."""
        before = self.before[group]
        known = before.learnability / before.count if before.count else 1.0
        fresh = self.fresh[group]
        return (fresh.learnability + PRIOR_SCORES * known) / (fresh.count + PRIOR_SCORES)

    def progress(self, group: str) -> float:
        """Change of accuracy against the version before, -1..1; 0 unless both scored some of the group."""
        before = self.before[group]
        return self.accuracy(group) - before.success / before.count if before.count else 0.0

    def deficit(self, group: str) -> float:
        """How far a group lags behind its share of the valid samples among cells, or among sizes.

        Shares are in proportion to the VLM's weakness: even while nothing is known. 1 - n / due, cut to -1..1; 0 before
        any.
        """
        others: Sequence[str] = SIZES if group in SIZES else CELLS
        made = sum(self.made[other] for other in others)
        due = made * self._need(group) / sum(self._need(other) for other in others)
        return max(-1.0, 1.0 - self.made[group] / due) if made else 0.0

    def _need(self, group: str) -> float:
        """Weakness of a size, or the mean of that of a cell's terms; never nothing."""
        aspects = CELL_TERMS.get(group, (group,))
        return max(LEAST_NEED, sum(self.weakness[aspect] for aspect in aspects) / len(aspects))

    def shares(self) -> list[float]:
        """Share of each term among all terms made, in the order of TERMS; 0 before the first."""
        counts = {term: sum(self.made[cell] for cell in CELLS if term in CELL_TERMS[cell]) for term in TERMS}
        total = max(1, sum(counts.values()))
        return [counts[term] / total for term in TERMS]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Knowledge:
        """Read what `save` wrote."""
        read = json.loads(path.read_text(encoding="utf-8"))
        for name in ("fresh", "before"):
            read[name] = {group: GroupScores(**row) for group, row in read[name].items()}
        return cls(**read)


def groups_of(sample: Sample) -> tuple[str, ...]:
    """The cell and the size of a valid sample; the cell alone where the scene does not tell the size."""
    cell, size = cell_of(sample.terms), sample.size
    return (cell,) if size is None else (cell, size)


def aspects_of(sample: Sample) -> tuple[str, ...]:
    """The terms and the size of a valid sample; the terms alone where the scene does not tell the size."""
    return sample.terms if sample.size is None else (*sample.terms, sample.size)


def kind_of(sample: Sample) -> str:
    """What a valid sample is about, as `Knowledge.kinds` counts it."""
    return _KIND.join((sample.subject_type, sample.reference_type, cell_of(sample.terms)))
