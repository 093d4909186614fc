"""The commands that show what the simulator draws."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rls3.errors import ConfigError

app = typer.Typer(no_args_is_help=True, help="Look at what the simulator draws.")

DEFAULT_SCENES = ",".join(f"FloorPlan{kind + number}" for kind in (0, 200, 300, 400) for number in (1, 2, 3))


@app.callback()
def engine() -> None:
    """Look at what the simulator draws."""


@app.command()
def sheet(
    scenes: Annotated[
        str, typer.Option(help="Scene names or house files (*.json), separated by commas.")
    ] = DEFAULT_SCENES,
    out: Annotated[Path, typer.Option(help="Where the sheet goes, PNG.")] = Path("rls3-sheet.png"),
    configs: Annotated[list[Path] | None, typer.Option("--config", help="YAML files, merged left to right.")] = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="section.key=value, several times.")] = None,
) -> None:
    """Draw rooms from two cameras each, with their depth and masks, onto one sheet."""
    from rls3.config import load_config
    from rls3.thor.survey import survey
    from rls3.tracking.rooms import RoomView, room_sheet

    names = [name.strip() for name in scenes.split(",") if name.strip()]
    if not names:
        raise ConfigError("--scenes names no scene; give for example --scenes FloorPlan1,FloorPlan201")
    sim = load_config(configs or [], overrides or []).sim
    rooms = []
    for found in survey(sim, names):
        views = [RoomView(view.image, view.depth, view.instances) for view in found.glimpses]
        engine_name = f"{found.engine.name} {found.engine.version}"
        rooms.append((f"{found.scene_id}   {found.objects} objects   {engine_name}", views))
        typer.echo(f"{found.scene_id}: {found.objects} objects")
    room_sheet(rooms, out)
    typer.echo(f"{len(rooms)} rooms on {out}")
