"""Houses given by the client."""

from __future__ import annotations

from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.houses.builder import HouseBuilder
from rls3.engine.houses.templates import house_from_template
from rls3.engine.session import Session
from rls3.engine.world.shell import Shell


@action()
def create_house(session: Session, house: dict[str, Any]) -> None:
    """Build a ProcTHOR house in the place of the present scene's contents."""
    built = HouseBuilder(session.assets, house).build()
    session.world.replace_scene(built.shell, built.objects)
    if session.meshes is not None:
        session.meshes.dress(session.world)
    session.world.agents = [built.agent, *session.world.agents[1:]]


@action()
def get_house_from_template(session: Session, template: dict[str, Any]) -> dict[str, Any]:
    """Return the house that a template of characters on a grid describes; nothing is built."""
    return house_from_template(template, session.assets)


@action()
def destroy_house(session: Session) -> None:
    """Empty the scene."""
    session.world.replace_scene(Shell((), ()), {})


@action(ignored=("navMeshConfigs",))
def bake_nav_mesh(session: Session) -> None:
    """Do nothing: paths are found on the scene as it is, without a mesh made beforehand."""
    del session
