"""`rls3 pretrain`: gather natural pictures, train a base model on them, ask it the suite, write its card."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar

from rls3.benchmarks.suite import Rls3Suite
from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime.evaluate import evaluate_benchmark
from rls3.runtime.natural import Gathering, gather, load
from rls3.scene.figure import GROUND_RATIO
from rls3.scene.split import training_scenes
from rls3.vlm.pretrain import PretrainRecipe, Progress, pretrain
from rls3.vlm.pretrain_card import Row, write_model_card
from rls3.vlm.pretrain_clip import ClipRecipe
from rls3.vlm.pretrain_generative import GenerativeRecipe
from rls3.vlm.pretrain_vilt import ViltRecipe

RECIPES: dict[str, type[PretrainRecipe]] = {
    "clip": ClipRecipe,
    "generative": GenerativeRecipe,
    "vilt": ViltRecipe,
}
"""`pretrain.student` -> how it is made."""

WEAKNESSES = (
    "It learned to say where a small thing is relative to a large one, as people speak; asked where the large one is "
    "relative to the small one, it is often wrong, and so it is about relations that such captions seldom have.",
    "It expects both objects outlined in the picture (see rls3.vlm.marks) and does not find them by name.",
    "It sees 64 x 64 pixels: small objects are a few pixels wide.",
    "It knows the object types of the embedded engine by their AI2-THOR names, and no other words.",
)


def pretrain_job(config: Config, *, out: Path, data: Path, processes: int) -> None:
    """Gather what is missing in `data`, train, and write the model to `out`.

    Raises:
        ConfigError: `out` exists.
    """
    if out.exists():
        raise ConfigError(f"'{out}' exists already; choose another --out folder")
    settings = config.pretrain
    recipe = RECIPES[settings.student](threads=config.vlm.threads)
    plan = Gathering(settings.spawns, settings.views, settings.image_size, recipe.patch, config.run.seed)
    console = Console()
    with Bar(console=console) as bar:
        task = bar.add_task("pictures")
        gather(config, plan, data, processes, lambda done, total: bar.update(task, completed=done, total=total))
        task = bar.add_task("training", total=settings.steps)

        def show(progress: Progress) -> None:
            text = f"training: accuracy {progress.accuracy:.3f}, loss {progress.loss:.3f}"
            bar.update(task, completed=progress.step, description=text)

        report = pretrain(load(data), recipe, seed=config.run.seed, steps=settings.steps, out=out, progress=show)
    scenes = training_scenes(config.sim.scenes)
    write_model_card(
        report,
        out,
        data=f"{len(scenes)} training scenes, small objects spawned {settings.spawns} times each, "
        f"{settings.views} pictures each, gathering seed {config.run.seed}; no edited scene; "
        f"asked is where a thing is relative to one of at least {GROUND_RATIO:g} times its volume. "
        "The last pictures were held out.",
        engine=_engine(config),
        command=shlex.join(["rls3", *sys.argv[1:]]),
        suite=suite_rows(out, processes),
        weaknesses=(*WEAKNESSES, recipe.weakness),
    )
    console.print(f"accuracy {report.overall.accuracy:.3f} on held-out pictures; model in {out}")


def suite_rows(model: Path, processes: int) -> list[Row]:
    """What `rls3 evaluate --benchmark rls3-suite` says of a model, seeing and blind."""
    config = load_config([], [f"vlm.base={json.dumps(str(model))}"])
    seen, blind = (
        evaluate_benchmark(config, Rls3Suite.name, None, part=None, blind=grey, processes=processes)
        for grey in (False, True)
    )
    return [Row(a.name, a.value, b.value, a.units) for a, b in zip(seen.lines, blind.lines, strict=True)]


def _engine(config: Config) -> str:
    from rls3.thor.doctor import check_engine

    engine = check_engine(config.sim).engine
    return f"{engine.name} {engine.version}"
