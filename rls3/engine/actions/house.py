"""Houses given by the client."""

from __future__ import annotations

from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.session import Session


@action()
def create_house(session: Session, house: dict[str, Any]) -> dict[str, Any] | None:
    """Build a ProcTHOR house in the place of the present scene's contents."""
    from rls3.engine.houses import HouseBuilder

    built = HouseBuilder(session.assets, house).build()
    session.world.replace_scene(built.shell, built.objects)
    session.world.agents = [built.agent, *session.world.agents[1:]]
    return None


@action()
def destroy_house(session: Session) -> None:
    """Empty the scene."""
    from rls3.engine.world import Shell

    session.world.replace_scene(Shell((), ()), {})
