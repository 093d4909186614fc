"""Reading configuration: merging, checks, and the one line that each mistake gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from rls3.config import Config, load_config
from rls3.errors import ConfigError


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_later_files_and_overrides_win(tmp_path: Path) -> None:
    first = write(tmp_path, "loop: {rounds: 2, batch: 32}\nrun: {name: first}")
    second = write(tmp_path, "loop: {rounds: 3}", "b.yaml")
    config = load_config([first, second], ["loop.max_reward_lag=1", "seed=9"])
    assert (config.loop.rounds, config.loop.batch, config.loop.max_reward_lag) == (3, 32, 1)
    assert (config.run.name, config.run.seed) == ("first", 9)


def test_resolved_yaml_reads_back_to_an_equal_configuration(tmp_path: Path) -> None:
    config = load_config([], ["sim.scenes=[FloorPlan1, house.json]", "run.output=some/where", "vlm.learning_rate=0.1"])
    assert load_config([write(tmp_path, config.to_yaml())]) == config


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config([write(tmp_path, "# nothing\n")]) == Config()


def test_configuration_is_frozen() -> None:
    with pytest.raises(ValidationError, match=r"frozen"):
        Config().loop.rounds = 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("loop: {round: 3}", r"unknown key 'loop.round' \(did you mean 'rounds'\?\); allowed: rounds, samples_per"),
        ("lop: {rounds: 3}", r"unknown key 'lop' \(did you mean 'loop'\?\); allowed: run, sim, "),
        ("loop: {rounds: many}", r"loop.rounds='many': Input should be a valid integer.* \(in .*a.yaml\)"),
        ("loop: {rounds: 0}", r"loop.rounds=0: Input should be greater than or equal to 1"),
        ("sim: {engine: godot}", r"sim.engine='godot': Input should be 'embedded' or 'unity'"),
        ("loop: 3", r"loop=3: Input should be a valid dictionary"),
        ("loop: {samples_per_round: 100}", "loop.samples_per_round=100 must be a multiple of loop.batch=64"),
        ("validity: {distance_bands_m: [2, 1]}", "ends of distance bands must be over 0 and ascend, for example"),
        ("validity: {vertical_from_deg: 80}", "vertical_from_deg=80 and vertical_cone_deg=15 .* less than 90"),
        (
            "sampler: {name: sac}",
            "sampler.name='sac' is not offered: RLlib's SAC takes one Box or Discrete action and no",
        ),
        ("reward: {rho: 1}\nruntime: {scorers: 2}", "reward.rho=1 needs the trainer .* runtime.scorers=2; set one of"),
        (
            "reward: {terminal: 1}",
            r"reward.terminal=1 is paid on an episode's last step, .*; set ppo.gamma, for example",
        ),
        ("reward: {hardness: 1}", r"unknown key 'reward.hardness'.*; allowed: feasible, learnability, difficulty, "),
        ("loop: {cell_share: 0}", "loop.cell_share=0: Input should be greater than 0"),
        ("run: {name: a/b}", r"run.name='a/b': String should match pattern"),
        ("[1, 2]", r"'.*a.yaml' must hold sections such as 'loop:', not a list"),
        ("loop: [", r"'.*a.yaml' is not YAML: .*line 1"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config([write(tmp_path, text)])
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown key 'sim.with' \(did you mean 'width'\?\).*; loop.rounds=0: "):
        load_config([write(tmp_path, "loop: {rounds: 0}\nsim: {with: 3}")])


def test_a_missing_file_names_the_files_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"'none.yaml' does not exist; files here: none in ./configs"):
        load_config([Path("none.yaml")])
    (tmp_path / "configs").mkdir()
    write(tmp_path / "configs", "", "quick.yaml")
    with pytest.raises(ConfigError, match=r"'none.yaml' does not exist; files here: configs/quick.yaml"):
        load_config([Path("none.yaml")])


def test_a_folder_or_binary_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: .*directory"):
        load_config([tmp_path])
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"cannot be read: .*decode"):
        load_config([tmp_path / "b.yaml"])


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("rounds=2", "--set 'rounds=2' must look like section.key=value, for example loop.rounds=2"),
        ("loop.rounds", "--set 'loop.rounds' must look like section.key=value"),
        ("loop.rounds.x=2", "must look like section.key=value"),
        ("loop.rounds=[", r"--set 'loop.rounds=\[': the value is not YAML; quote it"),
        ("loop.rouns=2", r"unknown key 'loop.rouns' \(did you mean 'rounds'\?\).* \(in defaults and --set\)"),
        ("loop.rounds=two", r"loop.rounds='two': Input should be a valid integer"),
    ],
)
def test_a_wrong_override_is_one_clear_line(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config([], [override])
