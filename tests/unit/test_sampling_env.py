"""Observations mean what their table says, and both environments keep Gymnasium's contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.typing import NDArray

from rls3.config import SamplerConfig, ValidityConfig
from rls3.sampling.choices import Choices
from rls3.sampling.env import EditEnv, EditVectorEnv
from rls3.sampling.knowledge import ASPECTS, GroupScores, Knowledge
from rls3.sampling.observation import (
    OBJECT_FEATURES,
    REFERENCE_FEATURES,
    SHARED_FEATURES,
    LastEdit,
    ObservationLayout,
)
from rls3.sampling.session import EditSession, StepOutcome
from rls3.scene.cells import CELLS
from rls3.scene.edit import Edit
from rls3.scene.figure import SIZES
from tests.fakes import FakeSimulator, FakeStage

CONFIG = SamplerConfig(episode_steps=2)
LEGAL = np.array([0, 0, 0, 0, 1, 0, 0, 0])


def fake_session(config: SamplerConfig, seed: int = 0) -> EditSession:
    return EditSession(
        FakeSimulator(refuse=lambda edit: "no_room" if edit.placement == "right" else None),
        sampler="test",
        seed=seed,
        slot=0,
        scenes=("FloorPlan1", "FloorPlan2"),
        sampler_config=config,
        validity=ValidityConfig(),
    )


def edit_env(config: SamplerConfig, seed: int = 0) -> EditEnv:
    return EditEnv(fake_session(config, seed), config, lambda sample: float(sample.valid))


def test_features_stand_where_the_table_says() -> None:
    layout = ObservationLayout.of(CONFIG)
    (situation,) = FakeStage(1).reset([0])  # the camera: 1.5 m high at (0, -3), looking along +z
    known = Knowledge(version=2)
    known.set_weakness(dict.fromkeys(ASPECTS, 0.25) | {"above": 1.0, "larger": 0.75})
    known.count(("above_left", "larger"))
    known.before["behind"] = GroupScores(4, 2.0, 4.0)
    known.fresh["behind"] = GroupScores(2, 2.0, 0.0)
    known.fresh["alike"] = GroupScores(2, 2.0, 0.0)
    features = layout.features(replace(situation, step=1), known, LastEdit(True, ("left", "below")))
    assert features.shape == (layout.num_features,) == (8 * 19 + 8 * 27 + 151,)
    assert features.dtype == np.float32 and np.abs(features).max() <= 1.0
    subjects = features[: 8 * OBJECT_FEATURES].reshape(8, OBJECT_FEATURES)
    references = features[8 * OBJECT_FEATURES : -SHARED_FEATURES].reshape(8, REFERENCE_FEATURES)
    assert subjects[:, 0].tolist() == [1, 1, 1, 0, 0, 0, 0, 0] and not subjects[3:].any()
    fridge = references[0]
    assert fridge[1:4] == pytest.approx([-0.5, -0.15, 1.0])  # 2 m to the left, 0.6 m lower, 5 m ahead
    assert fridge[4:7] == pytest.approx([0.4, 0.9, 0.4])
    assert fridge[7] == pytest.approx((np.log10(0.8 * 1.8 * 0.8) + 1.5) / 2.5, abs=1e-6)
    assert fridge[10] == 0 and subjects[0, 10] == 1  # movable
    assert fridge[-8:].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    codes = {tuple(row[11:19]) for row in (*subjects[:3], *references[:2])}
    assert len(codes) == 5 and all(set(code) == {-1.0, 1.0} for code in codes)
    shared = features[-SHARED_FEATURES:]
    assert shared[:6].tolist() == [0.25, 0.25, 0.25, 0.25, 1.0, 0.25]
    assert shared[6:12].tolist() == [0.5, 0, 0, 0, 0.5, 0]
    sizes = dict(zip(SIZES, shared[12:37].reshape(5, 5).tolist(), strict=True))
    assert sizes["larger"] == [0.75, 0.5, 1.0, 0.0, -1.0], "weakness, accuracy, learnability, progress, deficit"
    assert sizes["alike"] == [0.25, 0.75, 0.5, 0.0, 1.0]
    accuracy, learnability, progress, deficit = shared[37:141].reshape(4, len(CELLS))
    behind, above_left = CELLS.index("behind"), CELLS.index("above_left")
    assert accuracy[[behind, above_left]].tolist() == [0.75, 0.5]  # two fresh scores, two for what was known before
    assert learnability[[behind, above_left]].tolist() == [0.5, 1.0]
    assert progress[[behind, above_left]].tolist() == [0.25, 0.0]
    assert deficit[[behind, above_left]].tolist() == [1.0, -1.0]
    assert shared[141:].tolist() == [0.5, 1.0, 1, 0, 0, 0, 0, 1, 0, 1]


def test_places_and_sizes_turn_with_the_camera() -> None:
    layout = ObservationLayout.of(CONFIG)
    (situation,) = FakeStage(1).reset([0])
    ahead = replace(situation.scene, camera=replace(situation.scene.camera, position=(0.0, 1.5, 0.0)))
    aside = replace(ahead, camera=replace(ahead.camera, yaw=90.0))
    sink = [
        layout.features(replace(situation, scene=scene), Knowledge(), None)[8 * 19 + 27 : 8 * 19 + 54]
        for scene in (ahead, aside)
    ]
    assert sink[0][1:4] == pytest.approx([0.5, -0.25, 0.5])  # 2 m to the right and 2 m ahead
    assert sink[1][1:4] == pytest.approx([-0.5, -0.25, 0.5], abs=1e-6)
    assert sink[0][4:7] == pytest.approx([0.3, 0.5, 0.25])
    assert sink[1][4:7] == pytest.approx([0.25, 0.5, 0.3])
    assert sink[0][7:].tolist() == sink[1][7:].tolist()


def test_an_invalid_last_edit_shows_no_terms() -> None:
    (situation,) = FakeStage(1).reset([0])
    features = ObservationLayout.of(CONFIG).features(situation, Knowledge(), LastEdit(False, ("left",)))
    assert features[-9] == -1.0 and not features[-8:-2].any()


def test_an_unknown_type_has_a_code_of_its_own() -> None:
    layout = ObservationLayout.of(CONFIG)
    (situation,) = FakeStage(1).reset([0])
    things = tuple(replace(t, type="Orrery") if t.id == "Stool|1" else t for t in situation.scene.objects)
    features = layout.features(replace(situation, scene=replace(situation.scene, objects=things)), Knowledge(), None)
    assert not features[11:19].any()


def test_the_mask_allows_what_is_on_offer() -> None:
    (situation,) = FakeStage(1).reset([0])
    layout = ObservationLayout.of(CONFIG)
    mask = layout.action_mask(situation)
    assert mask.shape == (layout.num_masked,) == (8 * 8 * 9 * 8 + 8 * 8 * 3,)
    legal, distances = mask[: 8 * 8 * 9 * 8].reshape(8, 8, 9, 8), mask[-8 * 8 * 3 :].reshape(8, 8, 3)
    assert legal[:3, 0, :6, :2].all() and legal[:3, 1, :6, 1:5].all()
    assert legal.sum() == 3 * 6 * (2 + 4)
    assert distances[:3, :2].all() and distances.sum() == 3 * 2 * 3
    read = layout.choices(mask)
    assert np.array_equal(read.legal, legal > 0) and np.array_equal(read.distances, distances > 0)


def test_an_action_means_an_edit_and_a_masked_one_is_refused() -> None:
    (situation,) = FakeStage(1).reset([0])
    assert situation.edit([1, 1, 0, 4, 3, 0, 0, 0]) == Edit("Pot|1", "Sink|1", "above", 3)
    assert situation.edit([1, 1, 1, 4, 3, 0, 0, 0]) == Edit("Pot|1", "Sink|1", "above", 3, "reference")
    assert situation.edit([1, 1, 0, 4, 3, 2, 3, 1]) == Edit(
        "Pot|1", "Sink|1", "above", 3, "subject", "far", 270, "light"
    )
    for placed, words in [
        (
            [3, 0, 0, 0, 1],
            r"action \[3, 0, 0, 0, 1, 0, 4, 0\] is masked out: subject 3 is not one of \[0, 1, 2\]; choose where",
        ),
        ([0, 7, 0, 0, 1], r"reference 7 is not one of \[0, 1\] for subject 0;"),
        ([0, 0, 0, 6, 1], "placement 6 is not one of"),
        ([0, 0, 0, 0, 2], r"view 2 is not one of \[0, 1\] for subject 0 reference 0 asked 0 placement 0; choose where"),
        (
            [0, 0, 0, 0, 1],
            r"turn 4 is not one of \[0, 1, 2, 3\] for subject 0 reference 0 asked 0 placement 0 view 1 distance 0;",
        ),
    ]:
        with pytest.raises(ValueError, match=words):
            situation.edit([*placed, 0, 4, 0])


def test_the_vector_environment_resets_in_the_step_after_the_end() -> None:
    stage = FakeStage(2, valid=lambda edit: edit.placement == "left")
    env = EditVectorEnv(stage, CONFIG)
    with pytest.raises(ValueError, match=r"not reset; call reset\(\) before step"):
        env.step(np.stack([LEGAL, LEGAL]))
    observation, _ = env.reset()
    assert observation in env.observation_space
    env.policy_version = 9
    actions = np.stack([LEGAL, [0, 0, 0, 1, 1, 0, 0, 0]])
    _, rewards, ended, truncated, infos = env.step(actions)
    assert infos["sample_id"].tolist() == ["fake-0-000-00000-000", "fake-0-001-00000-000"]
    assert infos["valid"].tolist() == [True, False] and infos["_valid"].tolist() == [True, True]
    assert not rewards.any() and not ended.any() and not truncated.any()
    assert env.knowledge.made["left"] == 1 and env.knowledge.made["right"] == 0  # only valid samples count
    assert env.step(actions)[2].all()
    observation, _, ended, _, infos = env.step(np.full((2, 7), 99))  # ignored: both begin the next episode
    assert infos == {} and not ended.any() and len(stage.edits) == 4
    assert not observation["features"][:, -10:-2].any()  # a new episode has no last edit
    assert set(stage.versions.values()) == {9}


def test_an_episode_ends_where_no_edit_is_legal_any_more() -> None:
    class Emptying(FakeStage):
        def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
            made = super().step(slots, edits, policy_version)
            offered = made[0].situation.choices
            nothing = Choices(np.zeros_like(offered.legal), offered.distances)
            return [replace(one, situation=replace(one.situation, choices=nothing)) for one in made]

    env = EditVectorEnv(Emptying(1), SamplerConfig(episode_steps=9))
    env.reset()
    assert env.step(LEGAL[None])[2].all()
    observation, _, ended, _, _ = env.step(LEGAL[None])
    assert observation["action_mask"].any() and not ended.any()


class AnyAction(EditEnv):
    """Takes a legal action in place of one that is not: the checker draws from the whole action space."""

    def step(self, action: NDArray[np.int64]) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        choices = ObservationLayout.of(CHECKED).choices(self._seen["action_mask"])
        result = super().step(np.array(choices.draw(np.random.default_rng(action.tolist()))))
        self._seen = result[0]
        return result

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        result = super().reset(seed=seed, options=options)
        self._seen = result[0]
        return result


CHECKED = SamplerConfig(max_subjects=3, max_references=2)


def test_the_single_environment_passes_gymnasiums_checker() -> None:
    check_env(AnyAction(fake_session(CHECKED), CHECKED, lambda sample: float(sample.valid)), skip_render_check=True)


def test_the_single_environment_pays_at_once_and_repeats_itself_by_seed() -> None:
    def play() -> list[object]:
        env = edit_env(CONFIG, seed=1)
        seen: list[object] = [env.reset(seed=4)[0]["features"].tolist()]
        for action in ([0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 1, 1, 0, 0, 0]):
            observation, reward, ended, truncated, info = env.step(np.array(action))
            assert env.sample is not None and env.sample.sample_id == info["sample_id"]
            assert reward == float(info["invalid"] == ()) and not truncated
            seen += [observation["features"].tolist(), reward, ended, info["sample_id"]]
        env.close()
        return seen

    first = play()
    assert first == play()
    assert first[2:5] == [1.0, False, "test-4-000-00000-000"]
    assert first[6:] == [0.0, True, "test-4-000-00000-001"]  # nothing fits to the right: refused
