"""`rls3 practise`: a policy learns on students of which only the weakness is real, and is written for others to use."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime.parts import build_sessions, total_slots
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.ppo.policy_file import POLICY_FILE
from rls3.sampling.ppo.sampler import PPOSampler
from rls3.sampling.practice import PracticeStudent
from rls3.sampling.rewards import Payroll
from rls3.sampling.stage import LocalStage

CARD, _CONFIG = "practice.json", "config.yaml"
_STUDENT = 1
"""Stream of the students' random numbers; the sessions have their own."""


@dataclass(frozen=True)
class Practised:
    """What a policy did with one student.

    Attributes:
        student: its number.
        valid_share: valid samples per edit, 0..1.
        difficulty: mean probability of a wrong answer on its valid samples, 0..1.
        weakness: the same over all aspects when it came, 0..1: what samples drawn evenly would have.
        entropy_nats: of its choices at the end, summed over the branches.
    """

    student: int
    valid_share: float
    difficulty: float
    weakness: float
    entropy_nats: float


def practise_job(config: Config, *, out: Path) -> None:
    """Practise with the students that are left, and write the policy to `out` after each.

    Args:
        config: sections run, sim, validity, sampler, ppo, reward, loop and practice are used.
        out: folder of the policy; one begun before is gone on with, with more students where there are more now.

    Raises:
        ConfigError: `out` is another's, or holds a policy that practised under another configuration.
    """
    if config.sampler.name != "ppo":
        raise ConfigError(f"sampler.name='{config.sampler.name}' has nothing to practise; set it to 'ppo'")
    done = _begun(config, out)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("students", total=config.practice.students, completed=len(done))
        for practised, save in _practice(config, out, len(done)):
            done.append(practised)
            save(out)
            _write_card(config, out, done)
            text = f"valid {practised.valid_share:.0%}, difficulty {practised.difficulty:.2f}"
            bar.update(task, advance=1, description=f"{text} (even: {practised.weakness:.2f})")
    console.print(f"policy in {out}; begin a run with it by ppo.start={out}", soft_wrap=True)


def _practice(config: Config, out: Path, first: int) -> Iterator[tuple[Practised, Callable[[Path], None]]]:
    """Each student's outcome, and how to save the policy after it."""
    if first >= config.practice.students:
        return
    episode = first * config.loop.rounds * config.loop.samples_per_round  # past every episode that there was
    sessions = build_sessions(config, range(total_slots(config)), episode)
    with closing(LocalStage(sessions)) as stage:
        sampler = PPOSampler(stage, config.sampler, config.ppo, batch=config.loop.batch, seed=config.run.seed)
        with closing(sampler):
            if first:
                sampler.restore(out)
            for number in range(first, config.practice.students):
                yield _with_student(config, stage, sampler, number), sampler.save


def _with_student(config: Config, stage: LocalStage, sampler: PPOSampler, number: int) -> Practised:
    student = PracticeStudent.drawn(np.random.default_rng((_STUDENT, config.run.seed, number)))
    weakness = float(np.mean(list(student.weakness().values())))
    payroll = Payroll(config.reward, Knowledge(), config.sampler.episode_steps)
    sampler.forget()
    valid, edits, wrong, entropy = 0, 0, 0.0, 0.0
    for _ in range(config.loop.rounds):
        payroll.known.set_weakness(student.weakness())
        payroll.known.advance(student.version)
        sampler.observe(payroll.known)
        taught = []
        for _ in range(config.loop.samples_per_round // config.loop.batch):
            samples = stage.take(sampler.collect(config.loop.batch).sample_ids)
            shown = [sample for sample in samples if sample.valid]
            scores = {score.sample_id: score for score in student.score(shown)}
            wages = payroll.pay(samples, scores)
            pairs = zip(samples, wages, strict=True)
            metrics = sampler.learn({sample.sample_id: wage.paid for sample, wage in pairs})
            sampler.observe(payroll.known)
            taught += shown
            edits += len(samples)
            wrong += sum(1.0 - scores[sample.sample_id].success(sample) for sample in shown)
            entropy = metrics.get("entropy_nats", entropy)
        valid += len(taught)
        student.fit(taught)
    return Practised(number, valid / edits, wrong / max(1, valid), weakness, entropy)


def _begun(config: Config, out: Path) -> list[Practised]:
    """What was done in `out` before; makes it where there was nothing."""
    if (out / _CONFIG).is_file():
        before = load_config([out / _CONFIG])
        if before.model_copy(update={"practice": config.practice}) != config:
            raise ConfigError(
                f"'{out}' was begun with another configuration ({out / _CONFIG}), of which only practice.students may "
                "change; choose another --out"
            )
        (out / _CONFIG).write_text(config.to_yaml(), encoding="utf-8")
        if not (out / CARD).is_file():
            return []
        return [Practised(**row) for row in json.loads((out / CARD).read_text(encoding="utf-8"))["students"]]
    if out.is_dir() and any(out.iterdir()):
        raise ConfigError(f"'{out}' exists and holds no practice; choose another --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the folder '{out}': {error.strerror}; choose another --out") from None
    (out / _CONFIG).write_text(config.to_yaml(), encoding="utf-8")
    return []


def _write_card(config: Config, out: Path, done: list[Practised]) -> None:
    """What made the policy, beside it."""
    card = {
        "policy": POLICY_FILE,
        "command": shlex.join(["rls3", *sys.argv[1:]]),
        "version": version("rls3"),
        "engine": config.sim.engine,
        "scenes": list(config.sim.scenes),
        "edits": len(done) * config.loop.rounds * config.loop.samples_per_round,
        "students": [asdict(each) for each in done],
    }
    (out / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
