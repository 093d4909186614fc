"""What each sampler goes for, on a toy student whose one weakness is known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from rls3.config import RewardConfig, SamplerConfig, ValidityConfig
from rls3.samples.labelling import Provenance
from rls3.samples.scores import Score
from rls3.sampling.aiming import likely_cell
from rls3.sampling.asking import natural_sample
from rls3.sampling.balanced import BalancedSampler
from rls3.sampling.bandit import BanditSampler
from rls3.sampling.exploring import ExploringVectorEnv
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.observation import ObservationLayout
from rls3.sampling.random import RandomSampler
from rls3.sampling.rewards import Payroll
from rls3.sampling.sampler import Sampler
from rls3.scene.cells import CELL_TERMS, cell_of
from rls3.scene.edit import Edit
from rls3.scene.figure import GROUND_RATIO
from tests.factories import make_sample
from tests.fakes import FakeSimulator, FakeStage, camera_at, make_room, picture_of

CONFIG = SamplerConfig()
BATCH = 48


class PlacedStage(FakeStage):
    """An edit's terms are those of the place that geometry gives it; one without a place is invalid."""

    def __init__(self, num_slots: int, valid: Callable[[Edit], bool] = lambda edit: True) -> None:
        super().__init__(num_slots, lambda edit: likely_cell(self._scene, edit) is not None and valid(edit))

    def terms(self, edit: Edit) -> tuple[str, ...]:
        cell = likely_cell(self._scene, edit)
        return CELL_TERMS[cell] if cell else ()


def weak_share(sampler: Sampler, stage: PlacedStage, weak: str, updates: int) -> list[float]:
    """Share of each batch in the one cell where the toy student is at chance; it is sure of all the others."""
    payroll = Payroll(RewardConfig(deficit=0.0, novelty=0.0), Knowledge(), CONFIG.episode_steps)
    shares = []
    for _ in range(updates):
        batch = sampler.collect(BATCH)
        samples, scores, hits = [], {}, 0
        for name in batch.sample_ids:
            terms = stage.terms(stage.edits[name])
            weakly = bool(terms) and cell_of(terms) == weak
            hits += weakly
            samples.append(
                make_sample(sample_id=name, terms=terms, invalid=() if terms else ("no_target",), margin=30.0)
            )
            scores[name] = Score(name, (0.25,) * 4 if weakly else (0.01, 0.97, 0.01, 0.01), 0)
        wages = payroll.pay(samples, scores)
        sampler.learn({name: wage.paid for name, wage in zip(batch.sample_ids, wages, strict=True)})
        sampler.observe(payroll.known)
        shares.append(hits / BATCH)
    return shares


@pytest.mark.parametrize("weak", ["behind", "front_left"])
def test_the_bandit_finds_the_one_weak_cell_and_random_does_not(weak: str) -> None:
    stage = PlacedStage(4)
    shares = weak_share(BanditSampler(stage, CONFIG, seed=0), stage, weak, updates=12)
    other = PlacedStage(4)
    drawn = weak_share(RandomSampler(other, CONFIG, seed=0), other, weak, updates=12)
    assert np.mean(shares[-4:]) > 0.6 > 3 * np.mean(drawn)
    assert np.mean(drawn[-4:]) == pytest.approx(np.mean(drawn[:4]), abs=0.1)


def test_the_bandit_forgets_a_weakness_that_is_gone() -> None:
    stage = PlacedStage(4)
    sampler = BanditSampler(stage, CONFIG, seed=0)
    weak_share(sampler, stage, "behind", updates=10)
    shares = weak_share(sampler, stage, "left", updates=25)
    assert np.mean(shares[-4:]) > 0.5


def test_balanced_makes_even_what_random_leaves_uneven() -> None:
    def made(sampler_class: type[RandomSampler], valid: Callable[[Edit], bool] = lambda edit: True) -> Counter[str]:
        stage = PlacedStage(4, valid)
        sampler = sampler_class(stage, CONFIG, seed=0)
        sampler.collect(200)
        cells = (cell_of(stage.terms(edit)) for edit in stage.edits.values() if stage.terms(edit) and valid(edit))
        return Counter(cells)

    even, uneven = made(BalancedSampler), made(RandomSampler)
    assert set(even) >= set(uneven)
    assert max(even.values()) <= 2 * min(even.values()) and max(uneven.values()) > 2 * min(uneven.values())
    assert even.total() == 200 > uneven.total(), "edits that would land nowhere are not made"
    hopeless = made(BalancedSampler, lambda edit: edit.placement != "behind")
    assert hopeless.total() > 100, "what never succeeds does not swallow the budget"


def test_edits_are_drawn_from_the_mask_alone() -> None:
    stage = FakeStage(2)
    env = ExploringVectorEnv(stage, CONFIG, share=1.0, seed=3)
    observation, _ = env.reset()
    actions = ObservationLayout.of(CONFIG).draw(np.random.default_rng(0), observation["action_mask"])
    assert actions.shape == (2, len(env.layout.branches))
    illegal = np.full_like(actions, 99)  # every one is replaced
    for _ in range(CONFIG.episode_steps):
        infos = env.step(illegal)[-1]
        assert infos["uniform"].tolist() == [True, True]
    assert len(stage.edits) == 2 * CONFIG.episode_steps
    again = ExploringVectorEnv(FakeStage(2), CONFIG, share=1.0, seed=3)
    again.reset()
    again.step(illegal)
    assert list(again._stage.edits.values()) == list(stage.edits.values())[:2]


def natural(view: int, validity: ValidityConfig | None = None):
    scene = make_room(spawn_seed=0)
    picture = picture_of(make_seen(view))
    provenance = Provenance("n-0", "natural", 0, 0, 0, 0)
    return natural_sample(picture, scene, provenance, validity or ValidityConfig(), np.random.default_rng(view))


def make_seen(view: int):
    simulator = FakeSimulator()
    simulator.reset("FloorPlan1", spawn_seed=0)
    simulator.scene = simulator.glance(np.random.default_rng(view)).scene
    return simulator.scene


def test_natural_pictures_are_asked_about_as_people_speak() -> None:
    def size(sample, object_id: str) -> float:
        return math.prod(next(thing.size for thing in sample.objects if thing.id == object_id))

    samples = [natural(view) for view in range(8)]
    valid = [sample for sample in samples if sample.valid]
    assert len(valid) > 2
    assert all(GROUND_RATIO * size(s, s.subject_id) <= size(s, s.reference_id) for s in valid)
    assert {(sample.placement, sample.view) for sample in samples} == {("", -1)}
    assert [s.question for s in samples] == [natural(view).question for view in range(8)]


def test_a_picture_of_which_people_would_say_nothing_is_counted_and_invalid() -> None:
    assert natural(0).valid
    nowhere = natural_sample(
        None, make_room(), Provenance("n-0", "natural", 0, 0, 0, 0), ValidityConfig(), np.random.default_rng(0)
    )
    for sample in (natural(0, ValidityConfig(max_distance_m=0.5)), nowhere):
        assert sample.invalid == ("nothing_to_ask",) and sample.image is None and sample.about == ()


def test_geometry_foretells_the_cell_of_an_edit() -> None:
    room = make_room(spawn_seed=0)
    cells = {likely_cell(room, Edit("Pot|1", "Sink|1", "left", view)) for view in range(8)}
    assert {"left"} < {cell for cell in cells if cell} and all("left" in cell for cell in cells if cell)
    assert likely_cell(room, Edit("Stool|1", "Pot|1", "on", 0)) == "above"
    assert likely_cell(room, Edit("Stool|1", "Pot|1", "on", 0, "reference")) == "below"
    assert camera_at((0.0, 0.0, 0.0), 3).yaw == 3 * 45.0
