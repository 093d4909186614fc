"""Observations mean what their table says, and both environments keep Gymnasium's contract."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from rls3.config import SamplerConfig, ValidityConfig
from rls3.sampling.env import EditEnv, EditVectorEnv, decode_edit
from rls3.sampling.knowledge import CellScores, Knowledge
from rls3.sampling.observation import OBJECT_FEATURES, REFERENCE_FEATURES, SHARED_FEATURES, ObservationLayout
from rls3.sampling.session import EditSession
from rls3.scene.cells import CELLS
from rls3.scene.edit import TERMS, Edit
from tests.fakes import FakeSimulator, FakeStage

CONFIG = SamplerConfig(episode_steps=2)
LEGAL = np.array([0, 0, 0, 1])


def edit_env(config: SamplerConfig, seed: int = 0) -> EditEnv:
    session = EditSession(
        FakeSimulator(),
        sampler="test",
        seed=seed,
        slot=0,
        scenes=("FloorPlan1", "FloorPlan2"),
        sampler_config=config,
        validity=ValidityConfig(),
    )
    return EditEnv(session, config, lambda sample: float(sample.valid))


def test_features_stand_where_the_table_says() -> None:
    layout = ObservationLayout.of(CONFIG)
    (situation,) = FakeStage(1).reset([0])
    known = Knowledge(version=2)
    known.set_weakness(dict.fromkeys(TERMS, 0.25) | {"above": 1.0})
    known.count(("left", "above"))
    known.before["behind"] = CellScores(4, 2.0, 4.0)
    known.fresh["behind"] = CellScores(2, 2.0, 0.0)
    features = layout.features(replace(situation, step=1), known, last_valid=False)
    assert features.shape == (layout.num_features,) == (8 * 18 + 8 * 26 + 118,)
    assert features.dtype == np.float32 and np.abs(features).max() <= 1.0
    subjects = features[: 8 * OBJECT_FEATURES].reshape(8, OBJECT_FEATURES)
    references = features[8 * OBJECT_FEATURES : -SHARED_FEATURES].reshape(8, REFERENCE_FEATURES)
    assert subjects[:, 0].tolist() == [1, 1, 1, 0, 0, 0, 0, 0] and not subjects[3:].any()
    fridge = references[0]
    assert fridge[1:4] == pytest.approx([-2 / 4, (0.9 - 0.85) / 0.95, 2 / 4], abs=1e-6)  # room: 8 m, -0.1 to 1.8 m high
    assert fridge[4:7] == pytest.approx([0.4, 0.9, 0.4])
    assert fridge[9] == 0 and subjects[0, 9] == 1  # movable
    assert fridge[-8:].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    codes = {tuple(row[10:18]) for row in (*subjects[:3], *references[:2])}
    assert len(codes) == 5 and all(set(code) == {-1.0, 1.0} for code in codes)
    shared = features[-SHARED_FEATURES:]
    assert shared[:6].tolist() == [0.25, 0.25, 0.25, 0.25, 1.0, 0.25]
    assert shared[6:12].tolist() == [0.5, 0, 0, 0, 0.5, 0]
    accuracy, learnability, progress, deficit = shared[12:116].reshape(4, len(CELLS))
    behind, above_left = CELLS.index("behind"), CELLS.index("above_left")
    assert accuracy[[behind, above_left]].tolist() == [0.75, 0.5]  # two fresh scores, two for what was known before
    assert learnability[[behind, above_left]].tolist() == [0.5, 1.0]
    assert progress[[behind, above_left]].tolist() == [0.25, 0.0]
    assert deficit[[behind, above_left]].tolist() == [1.0, -1.0]
    assert features[-2:].tolist() == [0.5, -1.0]


def test_an_unknown_type_has_a_code_of_its_own() -> None:
    layout = ObservationLayout.of(CONFIG)
    (situation,) = FakeStage(1).reset([0])
    things = tuple(replace(t, type="Orrery") if t.id == "Stool|1" else t for t in situation.scene.objects)
    features = layout.features(replace(situation, scene=replace(situation.scene, objects=things)), Knowledge(), None)
    assert not features[10:18].any()


def test_the_mask_allows_what_is_on_offer() -> None:
    (situation,) = FakeStage(1).reset([0])
    subjects, references, placements, views = np.split(ObservationLayout.of(CONFIG).action_mask(situation), [8, 16, 22])
    assert subjects.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert references.tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert placements.tolist() == [1] * 6
    assert views.tolist() == [1, 1, 1, 1, 1, 0, 0, 0]  # the union of 0-1 and 1-4


def test_an_action_means_an_edit_and_a_masked_one_is_refused() -> None:
    (situation,) = FakeStage(1).reset([0])
    layout = ObservationLayout.of(CONFIG)
    assert decode_edit(np.array([1, 1, 4, 3]), situation, layout) == Edit("Pot|1", "Sink|1", "above", 3)
    for action, words in [
        ([3, 0, 0, 1], r"subject 3 is not one of \[0, 1, 2\]"),
        ([0, 7, 0, 1], r"reference 7 is not one of \[0, 1\]"),
        ([0, 0, 6, 1], "placement 6 is not one of"),
        ([0, 0, 0, 5], r"view 5 is not one of \[0, 1, 2, 3, 4\]; choose where"),
    ]:
        with pytest.raises(ValueError, match=words):
            decode_edit(np.array(action), situation, layout)


def test_the_vector_environment_resets_in_the_step_after_the_end() -> None:
    stage = FakeStage(2, valid=lambda edit: edit.placement == "left")
    env = EditVectorEnv(stage, CONFIG)
    with pytest.raises(ValueError, match=r"not reset; call reset\(\) before step"):
        env.step(np.stack([LEGAL, LEGAL]))
    observation, _ = env.reset()
    assert observation in env.observation_space
    env.policy_version = 9
    actions = np.stack([LEGAL, [0, 0, 1, 1]])
    _, rewards, ended, truncated, infos = env.step(actions)
    assert infos["sample_id"].tolist() == ["fake-0-000-00000-000", "fake-0-001-00000-000"]
    assert infos["valid"].tolist() == [True, False] and infos["_valid"].tolist() == [True, True]
    assert not rewards.any() and not ended.any() and not truncated.any()
    assert env.knowledge.made["left"] == 1 and env.knowledge.made["right"] == 0  # only valid samples count
    assert env.step(actions)[2].all()
    observation, _, ended, _, infos = env.step(np.full((2, 4), 99))  # ignored: both begin the next episode
    assert infos == {} and not ended.any() and len(stage.edits) == 4
    assert observation["features"][:, -2:].tolist() == [[0, 0], [0, 0]]
    assert set(stage.versions.values()) == {9}


def test_the_single_environment_passes_gymnasiums_checker() -> None:
    env = edit_env(SamplerConfig(max_subjects=3, max_references=2))  # everything in the room is legal
    check_env(env, skip_render_check=True)


def test_the_single_environment_pays_at_once_and_repeats_itself_by_seed() -> None:
    def play() -> list[object]:
        env = edit_env(CONFIG, seed=1)
        seen: list[object] = [env.reset(seed=4)[0]["features"].tolist()]
        for action in ([0, 1, 0, 1], [0, 1, 5, 1]):
            observation, reward, ended, truncated, info = env.step(np.array(action))
            assert env.sample is not None and env.sample.sample_id == info["sample_id"]
            assert reward == float(info["invalid"] == ()) and not truncated
            seen += [observation["features"].tolist(), reward, ended, info["sample_id"]]
        env.close()
        return seen

    first = play()
    assert first == play()
    assert first[2:5] == [1.0, False, "test-4-000-00000-000"]
    assert first[6:] == [0.0, True, "test-4-000-00000-001"]  # nothing fits below: refused
