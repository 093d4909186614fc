"""The model card of a base model: what it is, where it comes from, how good and how bad it is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rls3.vlm.pretrain import PretrainReport


def write_model_card(
    report: PretrainReport, folder: Path, *, data: str, engine: str, command: str, weaknesses: tuple[str, ...]
) -> None:
    """Write the model's README.md with Hugging Face's card header.

    Args:
        report: what `pretrain` returned.
        folder: the model's folder.
        data: one sentence on the pictures: which scenes, which seeds.
        engine: name and version of the program that drew them.
        command: the command line that made the model.
        weaknesses: what users must know.
    """
    recipe = report.recipe
    shape = ", ".join(f"{name} {value}" for name, value in asdict(recipe).items())
    seen, blind = ({"all": report.overall} | report.by_term, {"all": report.blind} | report.blind_by_term)
    rows = [
        f"| {term} | {hits.accuracy:.3f} | {blind[term].accuracy:.3f} | {hits.total} |" for term, hits in seen.items()
    ]
    lines = [
        "---", "license: apache-2.0", "library_name: transformers", f"pipeline_tag: {recipe.task}", "---",
        f"# {folder.name}", "", recipe.description, "",
        f"- Data: {data}", f"- Engine: {engine}",
        f"- Trained on {report.questions} questions on {report.pictures} pictures",
        f"- Steps {report.steps}, seed {report.seed}",
        f"- Parameters: {report.parameters}", f"- Recipe: {shape}", f"- Command: `{command}`", "",
        "Held-out accuracy among four options of the same shape (chance 0.25), on pictures not trained on; blind: the",
        "same questions on a grey picture, hence what habits of rooms alone give away:", "",
        "| term | accuracy | blind | questions |", "|---|---|---|---|", *rows, "", "Known weaknesses:", "",
        *(f"- {weakness}" for weakness in weaknesses), "",
    ]  # fmt: skip
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
