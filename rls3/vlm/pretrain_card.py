"""The model card of a base model: what it is, where it comes from, how good and how bad it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rls3.vlm.pretrain import PretrainReport


@dataclass(frozen=True)
class Row:
    """One line of a card's table.

    Attributes:
        name: what is counted.
        seen, blind: share of right answers, 0..1, and the same on grey pictures.
        questions: how many.
    """

    name: str
    seen: float
    blind: float
    questions: int


def write_model_card(
    report: PretrainReport,
    folder: Path,
    *,
    data: str,
    engine: str,
    command: str,
    suite: Sequence[Row],
    weaknesses: Sequence[str],
) -> None:
    """Write the model's README.md with Hugging Face's card header.

    Args:
        report: what `pretrain` returned.
        folder: the model's folder.
        data: one sentence on the pictures: which scenes, which seeds.
        engine: name and version of the program that drew them.
        command: the command line that made the model.
        suite: how it does on `rls3-suite`.
        weaknesses: what users must know.
    """
    recipe = report.recipe
    shape = ", ".join(f"{name} {value}" for name, value in asdict(recipe).items())
    seen, blind = ({"all": report.overall} | report.by_term, {"all": report.blind} | report.blind_by_term)
    held_out = [Row(name, hits.accuracy, blind[name].accuracy, hits.total) for name, hits in seen.items()]
    lines = [
        "---", "license: apache-2.0", "library_name: transformers", f"pipeline_tag: {recipe.task}", "---",
        f"# {folder.name}", "", recipe.description, "",
        f"- Data: {data}", f"- Engine: {engine}",
        f"- Trained on {report.questions} questions on {report.pictures} pictures, of which have a term: "
        + ", ".join(f"{term} {count}" for term, count in report.asked.items()),
        f"- Steps {report.steps}, seed {report.seed}",
        f"- Parameters: {report.parameters}", f"- Recipe: {shape}", f"- Command: `{command}`", "",
        "Share of right answers among four options of the same shape (chance 0.25); blind: the same questions on a",
        "grey picture, hence what habits of rooms alone give away.", "",
        "Training scenes as they naturally are, from places not trained on:", "", *_table(held_out), "",
        "`rls3-suite`: unseen scenes, looks and materials, half of them rearranged by random edits:", "",
        *_table(suite), "", "Known weaknesses:", "", *(f"- {weakness}" for weakness in weaknesses), "",
    ]  # fmt: skip
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


def _table(rows: Sequence[Row]) -> list[str]:
    body = [f"| {row.name} | {row.seen:.3f} | {row.blind:.3f} | {row.questions} |" for row in rows]
    return ["| of | accuracy | blind | questions |", "|---|---|---|---|", *body]
